package io.linyu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Some calls fail: each so many, or by chance.
class FaultsTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private static final String FOLLOWERS = "/cgi-bin/user/get";

  /// Nobody shows a token here.
  private static final int WENT_WELL = 41001;

  @AutoClose
  private final WechatSimulator wechat =
      WechatSimulator.start(Account.invented(Account.Mode.SAFE), Clock.systemUTC());

  @AutoClose private final HttpClient http = HttpClient.newHttpClient();
  private final Faults faults = wechat.faults();

  @Test
  void byChanceAndTheSameOnesWithTheSameSeed() {
    faults.share(10, SEND, Fault.BUSY, Fault.SERVER_ERROR);
    faults.seed(7);
    List<Integer> met = outcomes(SEND, 200);
    assertThat(met).containsOnly(-1, 500, WENT_WELL);
    assertThat(met.stream().filter(each -> each != WENT_WELL).count()).isBetween(10L, 30L);
    faults.seed(7);
    assertThat(outcomes(SEND, 200)).isEqualTo(met);
    faults.seed(8);
    assertThat(faults.seed()).isEqualTo(8);
    assertThat(outcomes(SEND, 200)).isNotEqualTo(met);
    assertThat(outcomes(FOLLOWERS, 20)).as("nothing was said of it").containsOnly(WENT_WELL);
  }

  @Test
  void ofAllCallsWhicheverOthersAreMade() {
    faults.share(50, Faults.EVERY_CALL, Fault.BUSY);
    faults.seed(7);
    List<Integer> alone = outcomes(SEND, 40);
    faults.seed(7);
    List<Integer> beside = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      others.add(outcome(FOLLOWERS));
      beside.add(outcome(SEND));
    }
    assertThat(beside).isEqualTo(alone).containsOnly(-1, WENT_WELL);
    assertThat(others).containsOnly(-1, WENT_WELL).isNotEqualTo(alone);

    faults.always(SEND, Fault.TOO_OFTEN);
    assertThat(outcomes(SEND, 20)).as("what is said of the path counts").containsOnly(45011);
  }

  @Test
  void eachThirdByTurns() {
    faults.oneOf(3, SEND, Fault.BUSY, Fault.BANNED);
    assertThat(outcomes(SEND, 6))
        .containsExactly(WENT_WELL, WENT_WELL, -1, WENT_WELL, WENT_WELL, 48004);
  }

  private List<Integer> outcomes(String path, int times) {
    return IntStream.range(0, times).mapToObj(_ -> outcome(path)).toList();
  }

  private int outcome(String path) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(wechat.apiBase() + path))
              .POST(BodyPublishers.ofString("{}"))
              .build();
      var answer = http.send(request, BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? new JsonObject(answer.body()).getInteger("errcode")
          : answer.statusCode();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
