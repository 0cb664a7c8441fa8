package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Neighbourhood;
import io.linyu.simulator.wechat.Patience;
import io.linyu.simulator.wechat.Phone;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What every channel is promised: nothing acknowledged is lost, nothing is done twice.
class TurnTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();

  @Test
  void overlappingDeliveriesOfOneMessageGetOneReceiptAndTheSameReply() {
    Phone li = TOWN.follower("overlapping");
    li.with(new Patience(3, Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO)).says("在吗");

    assertThat(receipts(li)).isEqualTo("1");
    assertThat(replies(li)).hasSize(1);
  }

  @Test
  void manyAtOnceEachHearTheirOwnReply() throws Exception {
    List<Phone> phones =
        IntStream.range(0, 24).mapToObj(each -> TOWN.follower("many-" + each)).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Phone>> talking =
          phones.stream().map(each -> (Callable<Phone>) () -> each.says("在吗").says("谢谢")).toList();
      for (var each : threads.invokeAll(talking)) {
        assertThat(each.get().hears()).isNotEmpty();
      }
    }
    phones.forEach(each -> assertThat(receipts(each)).isEqualTo("2"));
  }

  @Test
  void whatArrivesWhileTheDatabaseIsAwayIsKeptWhenItIsBack() throws Exception {
    Phone wang = TOWN.follower("away");
    int heard = wang.heard().size();
    TOWN.takeDatabaseAway();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var talking = threads.submit(() -> wang.says("在吗"));
      TOWN.until("a turn is held", () -> metric("linyu_turns_held") > 0);
      TOWN.bringDatabaseBack();
      talking.get();
    } finally {
      TOWN.bringDatabaseBack();
    }
    assertThat(receipts(wang)).isEqualTo("1");
    assertThat(wang.heard()).hasSize(heard + 1);
  }

  @Test
  void dangerIsAnsweredWhileTheDatabaseIsAway() {
    Phone zhao = TOWN.follower("danger");
    TOWN.takeDatabaseAway();
    try {
      zhao.says("家里着火了，好大的烟");
      assertThat(zhao.hears()).contains("119");
    } finally {
      TOWN.bringDatabaseBack();
    }
  }

  @Test
  void whatWasRegisteredIsFoundAgain() {
    Phone sun = TOWN.follower("progress").says("楼道灯坏了好几天").says("跳过").says("对");
    String number = sun.hears().replaceAll("(?s).*编号([^，]+)，.*", "$1");

    assertThat(sun.says("查询").hears()).contains(number, "楼道灯坏了好几天");
  }

  private static String receipts(Phone phone) {
    return TOWN.sqlOne(
        "SELECT count(*) FROM inbound_receipt WHERE address = '" + phone.openid() + "'");
  }

  private static List<String> replies(Phone phone) {
    return TOWN.sql(
        """
        SELECT DISTINCT r.reply FROM receipt r JOIN address a ON a.id = r.address_id
         WHERE a.external_id = '%s' AND r.external_id NOT LIKE '%%:%%'
        """
            .formatted(phone.openid()));
  }

  private static double metric(String name) {
    return TOWN.metric(name);
  }
}
