package io.linyu.casework;

import io.linyu.community.People;
import io.linyu.community.People.Contact;
import io.linyu.platform.db.Db;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is masked on paper, of each case.
final class Maskings {
  /// @param title what is left of it
  record Masked(Masking texts, String title) {}

  private final Db db;
  private final People people;
  private final ExportStore store = new ExportStore();

  Maskings(Db db, People people) {
    this.db = db;
    this.people = people;
  }

  Map<CaseId, Masked> of(Collection<CaseId> cases) {
    List<ExportStore.Line> lines = store.lines(db, cases.stream().map(CaseId::value).toList());
    Map<Long, Contact> contacts = people.contacts(db, persons(lines));
    var masked = new HashMap<CaseId, Masked>();
    for (ExportStore.Line line : lines) {
      Masking texts = Masking.of(line, contact(line, contacts));
      masked.put(new CaseId(line.id()), new Masked(texts, texts.title(line.title(), line.what())));
    }
    return masked;
  }

  static List<Long> persons(List<ExportStore.Line> lines) {
    return lines.stream()
        .map(ExportStore.Line::person)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /// Null: the case is nobody's.
  static @Nullable Contact contact(ExportStore.Line line, Map<Long, Contact> contacts) {
    Long person = line.person();
    return person == null ? null : contacts.get(person);
  }
}
