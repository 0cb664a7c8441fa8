package io.linyu.reception;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.community.Imports;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Phone;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Tags of followers go with where they live.
class TagTest {
  private static final String GIVE = "/cgi-bin/tags/members/batchtagging";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  @Test
  void followThePersonAndTheTerritory() {
    Phone li = TOWN.follower("li").scan("bld:" + COUNTER.place("88001001B3").code());
    Phone nobody = TOWN.follower("nobody");
    nobody.says("在吗");
    TOWN.wechat.faults().next(GIVE, Fault.BUSY);
    untilTagged(li, List.of("清月园社区"));
    assertThat(TOWN.wechat.tagsOf(nobody)).isEmpty();

    // Once they have it, nothing more is asked.
    long given = TOWN.wechat.calls(GIVE);
    TOWN.clock.pass(Duration.ofMinutes(11));
    TOWN.until("a round was made", () -> rounds(1));
    assertThat(TOWN.wechat.calls(GIVE)).isEqualTo(given);

    // They move.
    var _ =
        TOWN.sql(
            """
            UPDATE person SET home_id = (SELECT id FROM territory WHERE code = '88001002')
             WHERE id = (SELECT person_id FROM address WHERE external_id = '%s')
            """
                .formatted(li.openid()));
    untilTagged(li, List.of("月塘社区"));

    // Two communities exchange their names, while no two tags may have one.
    known(
        """
        88001001,community,月塘社区,88001,urban,,,,,,,
        88001002,community,清月园社区,88001,urban,,,,,,,
        """);
    untilTagged(li, List.of("清月园社区"));

    // A new one takes the name that another gave up, and not its people.
    known(
        """
        88001002,community,丙社区,88001,urban,,,,,,,
        88001000,community,清月园社区,88001,urban,,,,,,,
        """);
    untilTagged(li, List.of("丙社区"));
    assertThat(TOWN.sql("SELECT tag FROM territory_tag GROUP BY tag HAVING count(*) > 1"))
        .isEmpty();

    // A district of more communities than an account has tags.
    known(
        IntStream.range(0, 101)
            .mapToObj(i -> "880019%03d,community,第%d社区,88001,urban,,,,,,,\n".formatted(i, i))
            .collect(joining()));
    untilTagged(li, List.of("望澜街道"));

    // They leave.
    li.unfollow();
    assertThat(TOWN.wechat.tagsOf(li)).isEmpty();
    TOWN.clock.pass(Duration.ofMinutes(11));
    TOWN.until("forgotten", () -> TOWN.sqlOne("SELECT count(*) FROM address_tag").equals("0"));
  }

  private static void known(String more) {
    var report =
        COUNTER
            .community
            .imports()
            .territory(
                new StringReader(
                    "code,level,name,parent_code,type,phone,households,population,elderly60,lat,lng,extra\n"
                        + more),
                new Imports.Options(false, false));
    assertThat(report.problems()).isEmpty();
  }

  private static void untilTagged(Phone phone, List<String> tags) {
    TOWN.until(
        "tagged " + tags,
        () -> {
          if (TOWN.wechat.tagsOf(phone).equals(tags)) {
            return true;
          }
          if (rounds(1)) {
            TOWN.clock.pass(Duration.ofMinutes(11)); // one that was under way saw what was before
          }
          return false;
        });
  }

  /// The round is over, and the next begins later.
  private static boolean rounds(int most) {
    return TOWN.sqlOne(
            "SELECT count(*) FROM tag_round WHERE after_address = 0 AND next_due_at > '%s'"
                .formatted(TOWN.clock.instant()))
        .equals(Integer.toString(most));
  }
}
