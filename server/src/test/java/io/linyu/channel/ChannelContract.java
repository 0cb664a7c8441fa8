package io.linyu.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Samples;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.community.Staff;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What residents, staff and reception rely on, whatever the channel: a running server on one side,
/// the platform's simulator on the other. Each channel has a test that is one of these.
@TestInstance(Lifecycle.PER_CLASS)
public abstract class ChannelContract {
  /// The platform, as its users have it.
  public interface FarSide extends AutoCloseable {
    /// The server that it is connected to.
    Neighbourhood town();

    /// Somebody who may write to us and has not yet.
    Somebody somebody(String name);

    /// Another of the same kind, for the same server, whose calls are the test's own.
    Channel channel();

    /// Whether a picture can be sent into a chat at all.
    boolean takesPictures();

    /// What becomes of the next message that we send by ourselves.
    void next(Fate fate);

    @Override
    void close();
  }

  /// A person with the platform's app in hand.
  public interface Somebody {
    int UNCOUNTED = Integer.MAX_VALUE;

    AddressKey address();

    /// Returns when the platform knows how it went.
    Somebody says(String text);

    /// The same message reaches us several times at once.
    Somebody saysWithOverlappingDeliveries(String text);

    /// The platform delivers the last message once more.
    ///
    /// @return what it was answered; empty: nothing
    String deliveredAgain();

    /// All that came in, oldest first.
    List<String> heard();

    /// The pictures that came in, oldest first; empty where the platform takes none.
    List<Buffer> pictures();

    /// How many messages of our own the platform would still take for them, by its own count;
    /// [#UNCOUNTED]: as many as we like.
    int left();

    /// Of the messages that we may send by ourselves none is left.
    void hasNoWindow();

    /// Ends it with us, where the platform knows such a thing.
    void leaves();

    void comesBack();
  }

  public enum Fate {
    /// It said no, certainly did not send it, and says yes when asked again.
    NOT_YET(false),
    /// It was sent, and the answer was lost.
    ANSWER_LOST(true),
    /// It was sent, and the answer is none.
    ANSWER_EMPTY(true),
    /// It was sent, and the answer does not say so.
    ANSWER_UNREADABLE(true),
    /// It was not sent, and the answer does not say so.
    ANSWER_FROM_SOMEBODY_ELSE(true);

    private final boolean nobodyKnows;

    Fate(boolean nobodyKnows) {
      this.nobodyKnows = nobodyKnows;
    }
  }

  private FarSide far;
  private Counter counter;

  protected abstract FarSide open();

  @BeforeAll
  void openBoth() {
    far = open();
    counter = far.town().counter();
  }

  @AfterAll
  void closeBoth() {
    counter.close();
    far.close();
  }

  // Duplicates.

  @Test
  void aRepeatedDeliveryIsAnsweredTheSameAndDoesNothing() {
    Somebody li = teller("repeated");
    String answer = li.heard().getLast();

    assertThat(li.deliveredAgain()).isEqualTo(answer);

    assertThat(count("\"case\"", li)).isEqualTo(1);
    assertThat(count("receipt", li)).isEqualTo(2);
  }

  @Test
  void overlappingDeliveriesAreOneMessage() {
    Somebody li = far.somebody("overlapping").saysWithOverlappingDeliveries("在吗");

    assertThat(count("receipt", li)).isEqualTo(1);
    assertThat(far.town().sql("SELECT id FROM message WHERE said_by = 'resident' AND " + whose(li)))
        .hasSize(1);
  }

  // Order, and the words themselves.

  @Test
  void whatOnePersonSaysKeepsItsOrderAndItsCharacters() {
    List<String> said = List.of("第一", "]]> & <a href=\"x\">二</a>", "三\n四", "五 😀 \u202e ");
    Somebody li = far.somebody("order");
    said.forEach(li::says);

    assertThat(
            far.town()
                .sql(
                    "SELECT content ->> 'text' FROM message WHERE said_by = 'resident' AND "
                        + whose(li)
                        + " ORDER BY id"))
        .isEqualTo(said);
  }

  @Test
  void whatWeSayArrivesAsItIsAndInItsOrder() {
    Somebody li = teller("out");
    String long1 = "先看这里：<b>&]]> 😀\n" + "长".repeat(700);
    answer(li, long1);
    answer(li, "后看这里");

    until(li, heard -> heard.stream().anyMatch(each -> each.contains("后看这里")));
    String all = String.join("", li.heard());
    assertThat(all).contains("先看这里：<b>&]]> 😀\n长长");
    assertThat(all.chars().filter(each -> each == '长').count()).isEqualTo(700);
    assertThat(all.indexOf("先看这里")).isLessThan(all.indexOf("后看这里"));
  }

  @Test
  void pictureFollowsItsWordsOrIsWhereTheirLinkLeads() {
    Somebody li = teller("picture");
    Buffer picture = Samples.picture(640, 480, "JPEG");
    Staff holder = counter.staff(Counter.ZHANG);
    String code =
        counter.codeOf(far.town().sqlOne("SELECT number FROM \"case\" WHERE " + whose(li)));
    CaseId id = counter.cases.visibleTo(holder, code).id();
    var along = counter.enclosures.add(holder, id, "灯.jpg", picture);
    answer(li, "灯换好了，请看照片", List.of(along.code()));

    until(li, heard -> heard.stream().anyMatch(each -> each.contains("灯换好了")));
    settle(li);
    if (far.takesPictures()) {
      assertThat(li.pictures()).hasSize(1);
      assertThat(li.pictures().getFirst().getBytes()).startsWith(0xff, 0xd8);
      assertThat(li.heard().stream().filter(each -> each.contains("/h5/cases/" + code + "\n")))
          .isEmpty();
    } else {
      assertThat(li.heard()).last().asString().contains("/h5/cases/" + code);
    }
    // The window takes no more: it is where the link leads.
    li.hasNoWindow();
    var second = counter.enclosures.add(holder, id, "灯.jpg", picture);
    answer(li, "再看一张照片", List.of(second.code()));
    far.town().until("it waits", () -> states(li).contains("waiting"));
    int seen = li.pictures().size();
    var _ = li.says("在吗");
    assertThat(li.heard())
        .anyMatch(each -> each.contains("再看一张") && each.contains("/h5/cases/" + code));
    assertThat(li.pictures()).hasSize(seen);
  }

  // Failures.

  @ParameterizedTest
  @EnumSource(Fate.class)
  void everySendEndsAndNoneIsDoubled(Fate fate) {
    Somebody li = teller("fate-" + fate);
    answer(li, "我来看看"); // and before it, who has taken the matter
    far.next(fate);

    answer(li, "明天来修");

    String end = fate.nobodyKnows ? "unknown" : "delivered";
    far.town().until("it ends as " + end, () -> states(li).contains(end));
    assertThat(li.heard().stream().filter(each -> each.contains("明天来修")).count())
        .isEqualTo(fate == Fate.ANSWER_FROM_SOMEBODY_ELSE ? 0 : 1);
    // The next one goes as if nothing had been.
    answer(li, "后天来修");
    until(li, heard -> heard.getLast().contains("后天来修"));
  }

  // Quotas.

  @Test
  void whatHasNoWayIsShownAtTheNextContactOnce() {
    Somebody li = teller("no-window");
    li.hasNoWindow();
    answer(li, "明天来修");
    far.town().until("it waits", () -> states(li).contains("waiting"));

    var _ = li.says("在吗").says("谢谢");
    assertThat(li.heard().stream().filter(each -> each.contains("明天来修"))).hasSize(1);
  }

  /// Where the platform counts, we count the same: none of what it would take is held back, and it
  /// is never asked for more.
  @Test
  void aWordLetsInAsManyMessagesAsThePlatformCounts() {
    Somebody li = teller("counted");
    answer(li, "我来看看"); // and before it, who has taken the matter
    var _ = li.says("好的");
    int left = li.left();
    Channel.Window window =
        far.channel().windowOpenedBy(li.address().account(), new Content.Text("好的", null));
    if (left == Somebody.UNCOUNTED) {
      assertThat(window).isNotNull();
    } else {
      assertThat(window == null ? 0 : window.messages()).isEqualTo(left);
    }
    int most = Math.min(left, 9);
    for (int nth = 1; nth <= most; nth++) {
      answer(li, "第" + nth + "次说明");
    }
    for (int nth = 1; nth <= most; nth++) {
      String said = "第" + nth + "次说明";
      assertThat(li.heard().stream().filter(each -> each.contains(said))).as(said).hasSize(1);
    }
    if (left == most) {
      assertThat(li.left()).isZero();
      answer(li, "说得太多了");
      far.town().until("it waits", () -> states(li).getLast().equals("waiting"));
      assertThat(li.heard()).noneMatch(each -> each.contains("说得太多了"));
    }
  }

  // Lifecycle.

  @Test
  void whoLeavesIsForgottenAndNothingIsSentAnyMore() {
    Somebody li = teller("leaves");
    int heard = li.heard().size();
    String page = far.town().sqlOne("SELECT code FROM address WHERE " + where(li));
    li.leaves();

    answer(li, "明天来修");

    far.town().until("it has failed", () -> states(li).contains("failed"));
    assertThat(li.heard()).hasSize(heard);
    assertThat(far.town().sqlOne("SELECT code FROM address WHERE " + where(li)))
        .as("of their pages")
        .isNotEqualTo(page);

    li.comesBack();
    assertThat(li.says("在吗").heard().getLast()).isNotEmpty();
  }

  @Test
  void whatIsAcknowledgedHasAReceiptUnderThePlatformsOwnId() {
    Somebody li = far.somebody("receipt").says("在吗");
    AddressKey key = li.address();
    assertThat(key.channel()).isIn("wechat", "qq", "onebot", "web");
    assertThat(
            far.town()
                .sql(
                    """
                    SELECT external_id FROM inbound_receipt
                     WHERE channel = '%s' AND account = '%s' AND address = '%s'
                    """
                        .formatted(key.channel(), key.account(), key.externalId())))
        .hasSize(1);
  }

  // The way itself.

  /// Either it is tried, whole and without a trace, or the channel says plainly that it cannot be.
  @Test
  void whetherResidentsGetThroughCanBeTriedAndNothingStays() {
    Channel channel = far.channel();
    assertThat(channel.probe("no-account-of-ours")).isInstanceOf(Probe.NotSupported.class);
    for (String account : channel.accountsWithProbe()) {
      assertThat(channel.probe(account))
          .isInstanceOfSatisfying(
              Probe.Tried.class,
              tried -> {
                assertThat(tried.in().failure()).isNull();
                assertThat(tried.out().failure()).isNull();
                assertThat(tried.in().took()).isBetween(Duration.ZERO, Channel.LONGEST_PROBE);
                assertThat(tried.out().took()).isBetween(Duration.ZERO, Channel.LONGEST_PROBE);
              });
      assertThat(
              far.town().sql("SELECT id FROM address WHERE external_id = '" + Probe.NOBODY + "'"))
          .isEmpty();
    }
  }

  /// Somebody of building 3 who has told of a matter.
  private Somebody teller(String name) {
    Somebody somebody = far.somebody(name).says("清月园社区3栋楼道灯不亮了").says("对");
    assertThat(count("\"case\"", somebody)).as("%s", somebody.heard()).isEqualTo(1);
    return somebody;
  }

  private void answer(Somebody to, String text) {
    answer(to, text, List.of());
  }

  private void answer(Somebody to, String text, List<String> along) {
    Staff holder = counter.staff(Counter.ZHANG);
    String number = far.town().sqlOne("SELECT number FROM \"case\" WHERE " + whose(to));
    Case matter = counter.cases.visibleTo(holder, counter.codeOf(number));
    if (!matter.isHeldBy(holder.id())) {
      matter = counter.handling.claim(holder, matter.id(), matter.version());
    }
    var _ = counter.handling.answer(holder, matter.id(), matter.version(), text, along);
    String begins = text.substring(0, 4);
    far.town()
        .until(
            "it is taken up",
            () ->
                !far.town()
                    .sql(
                        "SELECT 1 FROM outbound WHERE text LIKE '%"
                            + begins
                            + "%' AND "
                            + whose(to))
                    .isEmpty());
    settle(to);
  }

  private void settle(Somebody somebody) {
    far.town()
        .until(
            "nothing is under way",
            () ->
                states(somebody).stream()
                    .noneMatch(state -> state.equals("queued") || state.equals("sending")));
  }

  private void until(Somebody somebody, Predicate<List<String>> heard) {
    far.town().until("it is heard", () -> heard.test(somebody.heard()));
  }

  private int count(String table, Somebody of) {
    return Integer.parseInt(
        far.town().sqlOne("SELECT count(*) FROM " + table + " WHERE " + whose(of)));
  }

  private List<String> states(Somebody of) {
    return far.town().sql("SELECT state FROM outbound WHERE " + whose(of) + " ORDER BY id");
  }

  private static String whose(Somebody of) {
    return "address_id = (SELECT id FROM address WHERE " + where(of) + ")";
  }

  private static String where(Somebody of) {
    AddressKey key = of.address();
    return "channel = '%s' AND account = '%s' AND external_id = '%s'"
        .formatted(key.channel(), key.account(), key.externalId());
  }
}
