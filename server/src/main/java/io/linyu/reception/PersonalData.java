package io.linyu.reception;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linyu.casework.CaseNumber;
import io.linyu.community.Community;
import io.linyu.community.Consent;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.community.audit.Deed;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Json;
import io.linyu.platform.text.Words;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// All that is held on one resident, over all their addresses: handing it out, and erasing it.
///
/// Erasing is one transaction: it has happened or it has not, and may be done again. Servers may be
/// running. What they remember of an address is which row it has; the next message finds under the
/// lock that this row is nobody's any more, and begins a new person.
///
/// Which tables there are, and what becomes of each, is in [PersonalTables].
public final class PersonalData {
  /// The platform repeats a message within fifteen seconds; it must find its receipt.
  private static final Duration REPEATS = Duration.ofSeconds(20);

  private final Db db;
  private final Community community;
  private final People people;
  private final Blobs blobs;
  private final Clock clock;
  private final PersonalDataStore store = new PersonalDataStore();
  private final TurnStore conversations = new TurnStore();

  public PersonalData(Db db, Community community, Clock clock) {
    this.db = db;
    this.community = community;
    this.people = community.people();
    this.blobs = new Blobs(db);
    this.clock = clock;
  }

  /// As whom this person is known now; empty: there is nobody of this number.
  public Optional<Long> byId(long person) {
    return store.known(db, person);
  }

  /// Everybody with this telephone number.
  public List<Long> byPhone(String phone) {
    return people.byPhone(db, phone).stream().map(Person::id).toList();
  }

  /// Whose case it is; empty: no such case, or nobody's.
  public Optional<Long> byCase(String number) {
    return CaseNumber.parse(number).flatMap(parsed -> store.ofCase(db, parsed.text()));
  }

  /// What is held.
  ///
  /// @param rows by table
  /// @param open how many of the cases are not closed: they stay, without their words
  public record Held(long person, Map<String, Long> rows, long open) {
    public long cases() {
      return rows.getOrDefault("case", 0L);
    }
  }

  public Held held(long person) {
    PersonalDataStore.Scope scope = store.scope(db, person);
    return new Held(person, store.counts(db, scope), store.openCases(db, scope));
  }

  // Handing out.

  /// Hands out all of it, file by file: `data.json`, a page to read, and what was sent along.
  ///
  /// @param language of the page
  /// @param file takes the name and the content of each
  /// @return how many files
  public int export(long person, String language, ZoneId zone, BiConsumer<String, byte[]> file)
      throws IOException {
    PersonalDataStore.Scope scope = store.scope(db, person);
    ObjectNode all = Json.MAPPER.createObjectNode();
    all.put("made_at", clock.instant().toString());
    all.put("person", person);
    for (PersonalDataStore.Part part : PersonalDataStore.PARTS) {
      ArrayNode rows = all.putArray(part.name());
      for (String row : store.json(db, part.statement(), scope, part.by())) {
        rows.add(Json.MAPPER.readTree(row));
      }
    }
    for (JsonNode row : all.get("profile")) {
      open((ObjectNode) row);
    }
    for (JsonNode row : all.get("consents_given")) {
      consent(row).map(Consent::actorName).ifPresent(name -> ((ObjectNode) row).put("name", name));
    }
    for (JsonNode row : all.get("consents_taken")) {
      consent(row).map(Consent::giverName).ifPresent(name -> ((ObjectNode) row).put("name", name));
    }
    for (JsonNode row : all.get("consents_meant")) {
      consent(row).map(Consent::actorName).ifPresent(name -> ((ObjectNode) row).put("named", name));
    }
    file.accept("data.json", Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
    file.accept("index.html", new PersonalPage(Words.in(language), zone).of(all));
    int files = 2;
    for (PersonalDataStore.Picture each : store.pictures(db, scope)) {
      Optional<Blobs.Blob> blob = blobs.get(each.digest());
      if (blob.isPresent()) {
        file.accept(each.file(), blob.get().bytes().getBytes());
        files++;
      }
    }
    db.withinTransaction(tx ->
        community
            .audit()
            .writeOwn(
                tx,
                Deed.PERSON_EXPORTED,
                null,
                Map.of("person", person, "cases", scope.cases().size())));
    return files;
  }

  /// Name and number, which are sealed in the database.
  private void open(ObjectNode profile) {
    long person = profile.get("person").asLong();
    profile.put("name", people.name(db, person).orElse(null));
    profile.put("phone", people.phone(db, person).orElse(null));
  }

  private Optional<Consent> consent(JsonNode row) {
    return community.consents().byId(db, row.get("consent").asLong());
  }

  // Erasing.

  /// Erases all of it.
  ///
  /// @return how many rows changed or went
  /// @throws Refusal when the person is talking to us at this moment
  public long erase(long person) {
    return db.inTransaction(tx -> erase(tx, person));
  }

  private long erase(Tx tx, long person) {
    PersonalDataStore.Scope before = store.scope(tx, person);
    store.lockPeople(tx, before.people());
    conversations.lockAll(tx, before.addresses());
    // Under the locks: nobody is joined to them any more, and no turn of theirs is under way.
    PersonalDataStore.Scope scope = store.scope(tx, person);
    if (!scope.people().equals(before.people())
        || !scope.addresses().equals(before.addresses())
        || !store.known(tx, person).equals(Optional.of(person))) {
      throw new Refusal("person-changed", 409);
    }
    Optional<Instant> last = store.lastReceived(tx, scope.addresses());
    if (last.isPresent() && last.get().plus(REPEATS).isAfter(clock.instant())) {
      throw new Refusal("person-speaks", 409);
    }
    store.lockCases(tx, scope.cases());
    store.handBack(tx, scope.cases());
    long rows = store.erase(tx, scope);
    community
        .audit()
        .writeOwn(tx, Deed.PERSON_ERASED, null, Map.of("person", person, "rows", rows));
    return rows;
  }
}
