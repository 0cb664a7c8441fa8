package io.linyu.reception;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Words;
import io.linyu.reception.ReplyStore.Waiting;
import io.linyu.reception.Settlements.Settlement;
import io.linyu.reception.Turns.Decided;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a person is shown when they come to us: the reply to what they say, with what waited in
/// front of it, or what waits on their own page; and whether they have seen it.
final class Replies {
  /// @param from who said it; empty: we did
  record Shown(long id, String from, Instant at, String text) {}

  /// The platform asks three times within 15 s; then nobody will ask for the reply any more.
  private static final Duration REPLY_WAITS = Duration.ofSeconds(20);

  private final Db db;
  private final Watchers watchers;
  private final String publicUrl;
  private final Clock clock;
  private final ReplyStore store = new ReplyStore();
  private final TurnStore conversations = new TurnStore();

  Replies(Db db, Watchers watchers, String publicUrl, Clock clock) {
    this.db = db;
    this.watchers = watchers;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /// What waited for this contact, to be put in front of the reply; empty when nothing did. What
  /// does not fit is on the person's own page.
  ///
  /// @param by the external id of the message that is answered
  String carry(
      Tx tx,
      Conversation with,
      String by,
      @Nullable String reply,
      int limit,
      Instant now,
      Instant lease) {
    if (!with.waiting) {
      return "";
    }
    List<Waiting> waiting = store.takeWaiting(tx, store.addressesOfPerson(tx, with.addressId), now);
    String link = publicUrl + "/h5/inbox/" + with.code;
    String more = Words.in(with.language).of("resident.waiting-more", link);
    String tail = reply == null ? "" : "\n\n" + reply;
    var shown = new ArrayList<Long>();
    var text = new StringBuilder();
    String last = "";
    for (Waiting each : waiting) {
      if (each.text().equals(last)) {
        shown.add(each.id()); // several pictures in one place are said once
        continue;
      }
      last = each.text();
      String next = (text.isEmpty() ? "" : "\n\n") + each.text();
      if (Parts.bytes(text + next + "\n\n" + more + tail) > limit) {
        break;
      }
      text.append(next);
      shown.add(each.id());
    }
    if (shown.size() < waiting.size()) {
      text.append(text.isEmpty() ? "" : "\n\n").append(more);
    }
    store.carry(tx, with.addressId, shown, by, now, lease);
    with.waiting = shown.size() < waiting.size();
    return text.isEmpty() || reply == null ? text.toString() : text + "\n\n";
  }

  /// Until when what is offered now is under way. As PostgreSQL keeps it: each offer is told from
  /// the others by it.
  static Instant lease(Instant now) {
    return now.plus(Outbox.LEASE).truncatedTo(ChronoUnit.MICROS);
  }

  /// The platform asks again, and hears the stored replies now: what there is of them is under way
  /// from here on.
  ///
  /// @param decided of them those that are repeated count
  void offerAgain(Tx tx, Collection<Decided> decided, Instant now, Instant lease) {
    var offers = new LinkedHashMap<TurnStore.Key, String>();
    var carriers = new LinkedHashSet<TurnStore.Key>();
    for (Decided each : decided) {
      if (each.repeated() && each.own() != null) {
        offers.put(each.key(), each.own());
      }
      if (each.repeated() && each.carried() > 0) {
        carriers.add(each.key());
      }
    }
    carriers.forEach(each -> store.carryAgain(tx, each, now, lease));
    if (!offers.isEmpty()) {
      store.offerAgain(tx, offers, now, lease);
    }
  }

  /// After the answers to deliveries: a reply that was not heard is queued for when the platform
  /// has stopped asking; one that was heard at a later attempt needs no sending. What it carried
  /// shares its fate, and ends as unknown when nobody lives to tell.
  void settle(List<Settlement> settlements) {
    Instant now = clock.instant();
    Instant later = now.plus(REPLY_WAITS);
    var heard = new ArrayList<TurnStore.Key>();
    var unheard = new ArrayList<ReplyStore.Unheard>();
    for (Settlement each : settlements) {
      Decided decided = each.decided();
      String own = decided.own();
      if (decided.carried() > 0 || (decided.repeated() && !each.written())) {
        settleAlone(each, now, later); // it is rare, and locks rows that turns lock too
      }
      if (own != null && decided.repeated() && each.written()) {
        heard.add(decided.key());
      } else if (own != null && !decided.repeated() && !each.written()) {
        unheard.add(new ReplyStore.Unheard(decided.key(), own, decided.message()));
      }
    }
    if (!heard.isEmpty()) {
      db.withinTransaction(tx -> store.offeredWasHeard(tx, heard, now));
    }
    if (!unheard.isEmpty()) {
      db.withinTransaction(tx -> store.queueReplies(tx, unheard, now, later));
    }
  }

  private void settleAlone(Settlement settlement, Instant now, Instant later) {
    Decided decided = settlement.decided();
    boolean written = settlement.written();
    db.withinTransaction(tx -> {
      if (decided.carried() > 0 && written) {
        store.carriedWasHeard(tx, decided.key(), now);
      }
      Instant lease = decided.lease();
      if (!written && lease != null) {
        store.carriedWasNotHeard(tx, decided.key(), lease, now, later);
        if (decided.repeated()) {
          store.offeredWasNotHeard(tx, decided.key(), lease, now, later);
        }
      }
    });
  }

  /// What waits for this person, newest first. It waits on until their browser has shown it:
  /// whoever only fetches the page, such as the preview of a link, takes nothing from them.
  List<Shown> waitingFor(long addressId) {
    var shown = new ArrayList<Shown>();
    for (Waiting each :
        store.waiting(db, store.addressesOfPerson(db, addressId), clock.instant()).reversed()) {
      if (shown.isEmpty() || !shown.getLast().text().equals(each.text())) {
        shown.add(new Shown(each.id(), each.from(), each.at(), each.text()));
      }
    }
    return shown;
  }

  /// Their page has shown it, up to this one.
  void shown(long addressId, long upTo) {
    db.withinTransaction(tx -> {
      Optional<Conversation> with = conversations.lock(tx, addressId);
      Instant now = clock.instant();
      List<Waiting> waiting = store.takeWaiting(tx, store.addressesOfPerson(tx, addressId), now);
      List<Long> shown = waiting.stream().map(Waiting::id).filter(id -> id <= upTo).toList();
      if (with.isPresent() && !shown.isEmpty()) {
        store.shownOnPage(tx, shown, now);
        with.get().waiting = shown.size() < waiting.size();
        conversations.save(tx, with.get());
        tx.afterCommit(() -> watchers.said(Set.of(addressId)));
      }
    });
  }
}
