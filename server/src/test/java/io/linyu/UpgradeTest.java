package io.linyu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.Transition;
import io.linyu.community.Staff;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import io.linyu.simulator.wechat.Phone;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// One server after the other is replaced: for a while this release works beside the next, on what
/// the next has made of the database, and with what it writes.
class UpgradeTest {
  /// What the next release writes of a case.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Next.Noted.class, name = "noted"),
    @JsonSubTypes.Type(value = Next.Praised.class, name = "praised")
  })
  sealed interface Next extends DomainEvent {
    Vocabulary<Next> VOCABULARY = new Vocabulary<>("casework", Next.class, true);

    /// Has learned a field.
    record Noted(
        @Nullable Transition transition,
        int rule,
        long staffId,
        long noteId,
        String text,
        String mood)
        implements Next {}

    /// Is new.
    record Praised(int rule, long staffId) implements Next {}
  }

  @Test
  void thisReleaseWorksBesideTheNext() throws Exception {
    try (var town = Neighbourhood.open();
        var counter = town.counter()) {
      String door = "bld:" + counter.place("88001001B3").code();
      Phone wang = town.wechat.stranger("wang").follow(door).says("3栋楼道灯坏了好几天").says("对");
      Staff zhang = counter.staff(Counter.ZHANG);
      CaseId lamp = new CaseId(Long.parseLong(town.sqlOne("SELECT id FROM \"case\"")));
      Case open = counter.cases.visibleTo(zhang, lamp);
      Case claimed = counter.handling.claim(zhang, lamp, open.version());

      var _ =
          Migrations.configured(Migrations.jdbcUrl(town.settings.databaseUrl()))
              .locations("classpath:db/migration", "classpath:upgrade")
              .load()
              .migrate();

      // Everybody goes on, on the connections and plans of before, and who starts anew does so too.
      wang.says("1栋楼下垃圾桶满了没人清运").says("对");
      assertThat(wang.hears()).contains("记好了");
      assertThat(status(town.url("/readyz"))).isEqualTo(200);
      try (var again = App.start(town.settings, town.clock)) {
        assertThat(status("http://localhost:" + again.port() + "/readyz")).isEqualTo(200);
      }

      long note = counter.handling.note(zhang, lamp, "灯座要换").version();
      assertThat(note).isEqualTo(claimed.version());
      counter
          .db()
          .withinTransaction(tx -> {
            var _ = tx.row("SELECT id FROM \"case\" WHERE id = $1 FOR NO KEY UPDATE", lamp.value());
            long known = Long.parseLong(town.sqlOne("SELECT max(id) FROM case_note"));
            counter.events.write(
                tx,
                Next.VOCABULARY,
                lamp.value(),
                new Next.Noted(null, 1, zhang.id(), known, "digest", "glad"));
            counter.events.write(
                tx, Next.VOCABULARY, lamp.value(), new Next.Praised(1, zhang.id()));
          });
      var _ = counter.handling.answer(zhang, lamp, claimed.version(), "好的，马上去看");

      // What it does not know it shows to nobody and leaves to the newer server.
      assertThat(counter.cases.history(zhang, lamp))
          .anyMatch(line -> line.sentence().contains("张伟"));
      assertThat(counter.events.broken(CaseEvent.VOCABULARY)).isEmpty();
      String praised = town.sqlOne("SELECT id FROM event WHERE body LIKE '%praised%'");
      town.until(
          "it stands before what it does not know",
          () ->
              town.sqlOne(
                      """
                      SELECT last_event = (SELECT max(id) FROM event
                                            WHERE room = 'casework' AND id < %s)
                        FROM event_cursor WHERE listener = 'tell-residents'
                      """
                          .formatted(praised))
                  .equals("t"));
      assertThat(town.sql("SELECT text FROM outbound WHERE text LIKE '%马上去看%'")).isEmpty();

      var _ =
          town.sql(
              """
              UPDATE event_cursor c SET last_xid = e.xid, last_event = e.id FROM event e
               WHERE e.id = %s AND c.listener = 'tell-residents'
              """
                  .formatted(praised));
      town.clock.pass(Duration.ofSeconds(30)); // nobody takes the claim back any more
      wang.awaitHeard("好的，马上去看");
    }
  }

  private static int status(String url) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
