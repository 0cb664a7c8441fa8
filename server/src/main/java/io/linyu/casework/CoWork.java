package io.linyu.casework;

import io.linyu.community.Staff;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who works along on a case: the open [Part]s of it, in short.
///
/// @param desks names of those that are to answer
/// @param until the last of their days; null: there are none
/// @param contact desks that keep contact with the resident
public record CoWork(List<String> desks, @Nullable Instant until, List<Long> contact) {
  static final CoWork NONE = new CoWork(List.of(), null, List.of());

  public CoWork {
    desks = List.copyOf(desks);
    contact = List.copyOf(contact);
  }

  /// Whether something is to be answered.
  public boolean isOpen() {
    return !desks.isEmpty();
  }

  /// Whether it cannot be said yet that the case is done.
  boolean holdsUp(Instant now) {
    return until != null && now.isBefore(until);
  }

  boolean isNone() {
    return desks.isEmpty() && contact.isEmpty();
  }

  boolean keepsContact(Staff staff) {
    return contact.stream().anyMatch(staff::worksAt);
  }
}
