package io.linyu.reception;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartsTest {
  @Test
  void whatFitsIsOnePart() {
    assertThat(Parts.of("  明天来修。 ", 2048)).containsExactly("明天来修。");
  }

  @Test
  void aSeamIsBehindASentence() {
    String first = "水管明天上午来换。".repeat(60);
    String second = "请把厨房的柜子清空".repeat(20);

    assertThat(Parts.of(first + second, 2048)).containsExactly(first, second);
  }

  @Test
  void nothingIsLostWhereverItIsCut() {
    var random = new Random(20261125);
    List<String> letters = List.of("好", "a", "。", "\n", "😢", " ", "修");
    for (int run = 0; run < 500; run++) {
      var text = new StringBuilder("起");
      int length = random.nextInt(400);
      for (int each = 0; each < length; each++) {
        text.append(letters.get(random.nextInt(letters.size())));
      }
      int limit = 5 + random.nextInt(100);

      List<String> parts = Parts.of(text.toString(), limit);

      assertThat(bare(String.join("", parts))).isEqualTo(bare(text.toString()));
      assertThat(parts)
          .allSatisfy(part ->
              assertThat(new String(part.getBytes(UTF_8), UTF_8).getBytes(UTF_8).length)
                  .isBetween(1, limit));
    }
  }

  private static String bare(String text) {
    return text.replaceAll("\\s", "");
  }
}
