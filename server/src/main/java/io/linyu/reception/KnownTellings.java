package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.KnownMatter;
import io.linyu.casework.KnownMatter.Ear;
import io.linyu.casework.KnownMatter.Telling;
import io.linyu.casework.KnownMatters;
import io.linyu.channel.Notice;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.Chats.Worth;
import io.linyu.reception.Outbox.Saying;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What those are told who joined a known matter: that they have, what is new, and the end. So many
/// in one transaction, and each is noted in it as told; what a server leaves undone another one
/// takes up.
final class KnownTellings {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 200;

  private final KnownMatters known;
  private final Outbox outbox;
  private final Reach reach;
  private final Counter told;
  private final String publicUrl;
  private final ZoneId zone;
  private final Clock clock;

  KnownTellings(
      KnownMatters known,
      Outbox outbox,
      Reach reach,
      MeterRegistry metrics,
      String publicUrl,
      ZoneId zone,
      Clock clock) {
    this.known = known;
    this.outbox = outbox;
    this.reach = reach;
    this.publicUrl = publicUrl;
    this.told = metrics.counter("linyu.known.told");
    this.zone = zone;
    this.clock = clock;
  }

  void start(Ticker ticker) {
    var _ = ticker.every(PAUSE, "known-tell", () -> known.tellDue(AT_ONCE, this::tell));
  }

  private void tell(Tx tx, Telling telling) {
    Instant now = clock.instant();
    Map<Long, Long> where =
        reach.addressesOf(
            tx,
            telling.to().stream()
                .filter(ear -> ear.consentId() == null)
                .map(Ear::addressId)
                .distinct()
                .toList(),
            worth(telling));
    outbox.sayAll(
        tx,
        telling.staffId(),
        telling.to().stream()
            .flatMap(ear ->
                ear.consentId() == null
                    ? Stream.of(
                        saying(
                            telling,
                            ear,
                            where.getOrDefault(ear.addressId(), ear.addressId()),
                            "",
                            ear.code(),
                            now))
                    : forAnother(tx, telling, ear, now))
            .toList());
    tx.afterCommit(() -> told.increment(telling.to().size()));
  }

  private Saying saying(
      Telling telling, Ear ear, long address, String which, String code, Instant now) {
    return new Saying(
        address,
        key(telling, ear) + which,
        ear.caseId(),
        text(telling, ear, now),
        notice(telling, ear, code, now));
  }

  /// What a relative told goes to them as long as they may, and the end to whose it is, too; but
  /// whoever has a matter of their own in it hears of that one, and once.
  private Stream<Saying> forAnother(Tx tx, Telling telling, Ear ear, Instant now) {
    Long person = ear.personId();
    Stream<Saying> first =
        reach
            .of(tx, requireNonNull(ear.consentId()), person, ear.addressId(), worth(telling))
            .filter(spot -> spot.why().equals("family") || ear.foremost())
            .map(spot -> {
              boolean family = spot.why().equals("family");
              String code = family ? requireNonNull(ear.speakerCode()) : ear.code();
              return saying(telling, ear, spot.addressId(), family ? "" : ":owner", code, now);
            })
            .stream();
    Stream<Saying> owner =
        telling.end() == null || person == null || !ear.foremost()
            ? Stream.empty()
            : reach
                .owner(tx, person)
                .map(spot -> saying(telling, ear, spot.addressId(), ":owner", ear.code(), now))
                .stream();
    return Stream.concat(first, owner).distinct();
  }

  private static Worth worth(Telling telling) {
    return telling.end() == null ? Worth.WORDS : Worth.END;
  }

  /// The end is worth a push; news on the way are on their page.
  private @Nullable Notice notice(Telling telling, Ear ear, String code, Instant now) {
    KnownMatter.Word end = telling.end();
    return end == null
        ? null
        : new Notice(
            ear.number(),
            ear.title(),
            Words.in(ear.language()).of("notify.ended"),
            end.told(ear.language()),
            now,
            publicUrl + "/h5/cases/" + code,
            ear.language(),
            true);
  }

  private static String key(Telling telling, Ear ear) {
    return "known:" + telling.matter().id() + ":" + telling.version() + ":" + ear.caseId();
  }

  private String text(Telling telling, Ear ear, Instant now) {
    Words words = Words.in(ear.language());
    KnownMatter matter = telling.matter();
    KnownMatter.Word end = telling.end();
    if (end != null) {
      return words.of(
          "resident.known-ended",
          telling.byName(),
          Tellings.ended(end.told(ear.language()), words),
          ear.title(),
          ear.number());
    }
    return words.of(
        ear.first() ? "resident.known-joined" : "resident.known-news",
        telling.byName(),
        Tellings.ended(matter.told(ear.language()), words),
        ear.title(),
        ear.number(),
        Scenes.nextNews(matter, words, zone, now));
  }
}
