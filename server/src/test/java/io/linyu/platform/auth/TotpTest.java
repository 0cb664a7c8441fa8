package io.linyu.platform.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import io.linyu.platform.text.QrCode;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  /// That of RFC 6238, appendix B: the digits 1 to 0, twice.
  private static final String SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void theCodesAreThoseOfTheStandard(long second, String code) {
    assertThat(Totp.code(SECRET, Instant.ofEpochSecond(second))).isEqualTo(code);
  }

  @Test
  void aCodeHoldsOneStepBeforeAndAfterHoweverItIsTyped() {
    Instant at = Instant.ofEpochSecond(1_234_567_890); // the first second of its step
    for (int seconds : new int[] {-30, 0, 59}) {
      assertThat(Totp.steps(SECRET, "０05 924", at.plusSeconds(seconds)))
          .containsExactly(1_234_567_890L / 30);
    }
    assertThat(Totp.steps(SECRET, "005924", at.plusSeconds(60))).isEmpty();
    assertThat(Totp.steps(SECRET, "005924", at.minusSeconds(31))).isEmpty();
    assertThat(Totp.steps(SECRET, "", at)).isEmpty();
  }

  @Test
  void thePictureSaysWhatTheAuthenticatorNeeds() throws Exception {
    String secret = Totp.secret();
    assertThat(secret).matches("[A-Z2-7]{32}");
    String uri = Totp.uri("邻语", "U 1", secret);
    assertThat(uri)
        .isEqualTo(
            "otpauth://totp/%E9%82%BB%E8%AF%AD:U%201?secret="
                + secret
                + "&issuer=%E9%82%BB%E8%AF%AD");
    QrCode picture = QrCode.of(uri);
    int margin = 4;
    var dots = new BitMatrix(picture.side() - 2 * margin);
    var run = Pattern.compile("M(\\d+) (\\d+)h(\\d+)").matcher(picture.path());
    while (run.find()) {
      int x = Integer.parseInt(run.group(1)) - margin;
      int y = Integer.parseInt(run.group(2)) - margin;
      dots.setRegion(x, y, Integer.parseInt(run.group(3)), 1);
    }
    assertThat(new Decoder().decode(dots).getText()).isEqualTo(uri);
  }
}
