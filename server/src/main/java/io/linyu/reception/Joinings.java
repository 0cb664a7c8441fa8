package io.linyu.reception;

import io.linyu.casework.Cases;
import io.linyu.community.Address;
import io.linyu.community.BindCodes;
import io.linyu.community.Community;
import io.linyu.community.Merge;
import io.linyu.community.Merges;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.community.PersonEvent;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Words;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One person at several addresses: joining two persons who are one, by the resident's code or by
/// staff, and parting them again.
///
/// Both persons are locked, and then the conversations of all their addresses: no turn of theirs is
/// under way while they change, and the next one reads under its lock whose it is. Who joins in a
/// turn of their own holds one conversation already; where two wait for each other, PostgreSQL ends
/// one, and it runs again.
public final class Joinings {
  private final Community community;
  private final People people;
  private final Merges merges;
  private final BindCodes codes;
  private final Cases cases;
  private final Events events;
  private final Outbox outbox;
  private final Watchers watchers;
  private final TurnStore conversations = new TurnStore();
  private final JoiningStore store = new JoiningStore();

  Joinings(Community community, Cases cases, Events events, Outbox outbox, Watchers watchers) {
    this.community = community;
    this.people = community.people();
    this.merges = community.merges();
    this.codes = community.bindCodes();
    this.cases = cases;
    this.events = events;
    this.outbox = outbox;
    this.watchers = watchers;
  }

  // What residents do.

  String code(Tx tx, long address) {
    return codes.draw(tx, address);
  }

  /// What came of a code.
  ///
  /// @param who whose it is, as far as may be said; null: it was not right
  record Claimed(String outcome, @Nullable String who) {}

  Claimed claim(Tx tx, Conversation with, String code) {
    return switch (codes.claim(tx, with.addressId, code)) {
      case BindCodes.Claim.Wrong _ -> new Claimed("wrong", null);
      case BindCodes.Claim.TooOften _ -> new Claimed("often", null);
      case BindCodes.Claim.Right(long from) ->
          people.address(tx, from).personId() == with.personId
              ? new Claimed("same", null)
              : new Claimed("right", described(tx, from, with.language));
    };
  }

  /// Joins this resident with whose code was typed last. The other address is told.
  ///
  /// @return whose it was; empty: its time was over
  Optional<String> joinClaimed(Tx tx, Conversation with) {
    Optional<Long> from = codes.use(tx, with.addressId);
    if (from.isEmpty()) {
      return Optional.empty();
    }
    Address other = people.address(tx, from.get());
    Merge merge = join(tx, other.personId(), with.personId, null, null);
    Person now = people.byId(tx, merge.kept());
    with.personId = now.id();
    with.homeId = now.homeId();
    with.waiting = store.waits(tx, now.id());
    String language = now.language();
    String here = Ways.label(Words.in(language), with.address);
    outbox.say(
        tx,
        other.id(),
        "joined:" + merge.id(),
        "system",
        null,
        null,
        Words.in(language).of("resident.joined", here));
    return Optional.of(described(tx, other.id(), with.language));
  }

  /// With whom this resident was joined last; empty: with nobody.
  Optional<String> joinedWith(Tx tx, Conversation with) {
    return merges
        .newest(tx, with.personId)
        .map(merge -> {
          boolean moved = merge.addresses().contains(with.addressId);
          return ways(
              Words.in(with.language),
              people.addressesOf(tx, with.personId).stream()
                  .filter(each -> merge.addresses().contains(each.id()) != moved)
                  .toList());
        });
  }

  /// Takes the last joining of this resident back.
  boolean part(Tx tx, Conversation with) {
    Optional<Merge> last = merges.newest(tx, with.personId);
    if (last.isEmpty()) {
      return false;
    }
    undo(tx, last.get().id(), null);
    Person now = people.ofAddress(tx, with.addressId);
    with.personId = now.id();
    with.homeId = now.homeId();
    if (with.byPerson && !conversations.read(tx, with.addressId).orElseThrow().byPerson) {
      with.handToBot();
      with.state = with.state.withBot();
    }
    return true;
  }

  void answerHere(Tx tx, Conversation with) {
    people.choose(tx, with.personId, with.addressId);
  }

  // What staff and residents do.

  /// From now on the one is the other. What both know of themselves is kept.
  ///
  /// @param kept who they are from now on
  /// @param staff null: the resident
  /// @throws Refusal when they are one already, or one of them has become somebody else
  Merge join(Tx tx, long kept, long gone, @Nullable Long staff, @Nullable String reason) {
    merges.lock(tx, kept, gone);
    List<Long> addresses = lockConversations(tx, kept, gone);
    List<Long> moved = cases.moveAll(tx, gone, kept);
    Merge merge = merges.record(tx, kept, gone, moved, staff, reason);
    store.waitTogether(tx, kept);
    events.write(tx, PersonEvent.VOCABULARY, kept, new PersonEvent.Joined(merge.id(), gone, staff));
    tx.afterCommit(() -> watchers.said(Set.copyOf(addresses)));
    return merge;
  }

  /// Puts back what moved; what came after stays with the addresses it came by. Where staff talked
  /// about what is another's now, the bot has the conversation again.
  ///
  /// @param staff null: the resident
  /// @throws Refusal when it is not in force, or the person has become somebody else since
  Merge undo(Tx tx, long id, @Nullable Long staff) {
    Merge merge = merges.inForce(tx, id);
    merges.lockToUndo(tx, merge);
    List<Long> addresses = lockConversations(tx, merge.kept(), merge.gone());
    List<Long> consents = community.consents().moveBack(tx, merge);
    cases.moveBack(tx, merge.kept(), merge.gone(), merge.cases(), merge.addresses(), consents);
    merges.undo(tx, merge, staff);
    store.handBack(tx, addresses);
    events.write(
        tx, PersonEvent.VOCABULARY, merge.kept(), new PersonEvent.Parted(id, merge.gone(), staff));
    tx.afterCommit(() -> watchers.said(Set.copyOf(addresses)));
    return merge;
  }

  private List<Long> lockConversations(Tx tx, long one, long other) {
    List<Long> addresses =
        Stream.of(one, other)
            .flatMap(person -> people.addressesOf(tx, person).stream())
            .map(Address::id)
            .sorted()
            .toList();
    conversations.lockAll(tx, addresses);
    return addresses;
  }

  // In words.

  /// What may be said of somebody to whoever holds their code.
  private String described(Sql sql, long address, String language) {
    Words words = Words.in(language);
    Address at = people.address(sql, address);
    Long home = people.byId(sql, at.personId()).homeId();
    String way = Ways.label(words, at.key());
    return home == null
        ? way
        : words.of(
            "resident.at",
            community.territories().nameForResident(community.territories().byId(home)),
            way);
  }

  private static String ways(Words words, List<Address> addresses) {
    return String.join(
        words.of("list.and"),
        addresses.stream().map(each -> Ways.label(words, each.key())).distinct().toList());
  }
}
