package io.linyu.reception;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Enclosure;
import io.linyu.casework.HandIns;
import io.linyu.casework.TakenFile;
import io.linyu.channel.Content;
import io.linyu.community.Address;
import io.linyu.community.Consents;
import io.linyu.community.People;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps what residents hand in on the page of a matter as what they say: in their conversation, a
/// message for each, so that it is seen, found, handed out and erased with it. The platform knows
/// nothing of it: no window opens, and no reply is owed.
final class KeptPapers implements HandIns.Keeper {
  /// In the place of what was taken back.
  private static final Content TAKEN_BACK = new Content.Other("taken-back", Map.of());

  private final People people;
  private final Consents consents;
  private final Scenes scenes;
  private final Watchers watchers;
  private final TurnStore conversations = new TurnStore();
  private final AttachmentStore attachments = new AttachmentStore();

  KeptPapers(People people, Consents consents, Scenes scenes, Watchers watchers) {
    this.people = people;
    this.consents = consents;
    this.scenes = scenes;
    this.watchers = watchers;
  }

  @Override
  public Optional<Long> hold(Tx tx, Case matter, @Nullable Long consent) {
    Optional<Long> place = consent == null ? ofOwner(tx, matter) : ofActor(matter);
    place.ifPresent(address -> conversations.lockAll(tx, List.of(address)));
    if (consent != null) {
      var _ = consents.hold(tx, consent);
    }
    return place;
  }

  /// Where it was told; if that was by somebody else, where they themselves are. Whoever has left
  /// still has their page.
  private Optional<Long> ofOwner(Tx tx, Case matter) {
    Long person = matter.personId();
    if (person == null) {
      return Optional.empty();
    }
    List<Address> theirs = people.addressesOf(tx, person);
    Long told = matter.addressId();
    return theirs.stream()
        .filter(each -> Long.valueOf(each.id()).equals(told))
        .findFirst()
        .or(() -> theirs.stream().filter(Address::follows).findFirst())
        .or(() -> theirs.stream().findFirst())
        .map(Address::id);
  }

  private static Optional<Long> ofActor(Case matter) {
    return Optional.ofNullable(matter.addressId());
  }

  @Override
  public HandIns.Messages keep(
      Tx tx,
      long place,
      CaseId id,
      Instant at,
      String words,
      List<TakenFile> files,
      List<Buffer> digests) {
    long next = conversations.drawMessages(tx);
    Long said = null;
    if (!words.isEmpty()) {
      said = next++;
      say(tx, said, place, id, at, new Content.Text(words, null));
    }
    var kept = new ArrayList<Long>();
    for (int i = 0; i < files.size(); i++) {
      TakenFile file = files.get(i);
      long message = next++;
      say(tx, message, place, id, at, content(file));
      attachments.keep(tx, message, place, file.kind().word(), file.name(), digests.get(i));
      kept.add(message);
    }
    tx.afterCommit(() -> watchers.said(Set.of(place)));
    return new HandIns.Messages(said, kept);
  }

  private void say(Tx tx, long message, long place, CaseId id, Instant at, Content content) {
    conversations.say(
        tx, new TurnStore.Said(message, place, at, "resident", null, id.value(), content));
  }

  private static Content content(TakenFile file) {
    return switch (file.kind()) {
      case IMAGE -> new Content.Image("", null);
      case VOICE -> new Content.Voice("", file.blob().type(), null);
      case FILE -> new Content.File("", file.name());
    };
  }

  @Override
  public Map<Long, HandIns.Kept> of(Sql sql, Collection<Long> messages) {
    return messages.isEmpty() ? Map.of() : attachments.kept(sql, messages);
  }

  @Override
  public void forget(Tx tx, long message) {
    long place = conversations.say(tx, message, TAKEN_BACK);
    attachments.forget(tx, message);
    tx.afterCommit(() -> watchers.said(Set.of(place)));
  }

  @Override
  public Optional<String> danger(String words) {
    return scenes.danger(words);
  }

  /// As its kind is written down.
  static Enclosure.Kind kind(String word) {
    return switch (word) {
      case "image" -> Enclosure.Kind.IMAGE;
      case "voice" -> Enclosure.Kind.VOICE;
      default -> Enclosure.Kind.FILE;
    };
  }
}
