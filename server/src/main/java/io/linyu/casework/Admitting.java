package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Returning.Ground;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a street or a department sent down to a community, and is not on the list of what
/// communities take on (准入, rule E8): the community says so, once, with what the list says or with
/// a reason, and the street decides within four working hours, as on a return ([Returning]): it
/// takes it back and sends it elsewhere, or the community takes it on, and hears with what help.
/// The resident's clocks go on all the while.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Admitting {
  /// What the dialog offers.
  ///
  /// @param against why it cannot be said, and what can be done instead; null: it can
  /// @param to the desk that decides
  /// @param until when at the latest
  /// @param entries of the list that may say something of it
  public record Offer(
      @Nullable Refusal against, String to, Instant until, List<Admission> entries) {}

  private final Db db;
  private final CaseFiles files;
  private final Returning returning;
  private final Admissions list;
  private final Desks desks;
  private final Routing routing;
  private final HoldingStore holdings = new HoldingStore();

  Admitting(
      Db db, CaseFiles files, Returning returning, Admissions list, Desks desks, Routing routing) {
    this.db = db;
    this.files = files;
    this.returning = returning;
    this.list = list;
    this.desks = desks;
    this.routing = routing;
  }

  /// Of a case of which they may say so as it stands; empty: nobody has sent it down.
  Optional<Offer> offer(Case matter) {
    if (!wasSentDown(db, matter)) {
      return Optional.empty();
    }
    return Optional.of(
        new Offer(
            returning.against(db, matter, Ground.NOT_LISTED, files.now()).orElse(null),
            returning.deciding(matter, Ground.NOT_LISTED).name(),
            returning.until(db, matter),
            list.about(db, matter)));
  }

  /// Whether a desk of a wider circle had it before this one.
  private boolean wasSentDown(Sql sql, Case matter) {
    return holdings.holdings(sql, matter.id()).reversed().stream()
        .filter(each -> each.deskId() != matter.deskId())
        .findFirst()
        .map(each -> desks.byId(each.deskId()))
        .map(routing::circleOf)
        .filter(circle -> circle.compareTo(Level.COMMUNITY) < 0)
        .isPresent();
  }

  /// By somebody of the community's desk that was sent it and has not signed it.
  ///
  /// @param entry of the list, which they name; null: none
  /// @param words why; may be empty where they name an entry
  public Case say(Staff staff, CaseId id, int version, @Nullable Long entry, String words) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.NOT_LISTED);
          Case matter = permits.matter();
          if (!wasSentDown(file.tx(), matter)) {
            throw new Refusal("admission-not-sent", 409, matter.deskName());
          }
          Admission named = entry == null ? null : among(list.about(file.tx(), matter), entry);
          String why =
              named != null && words.isBlank()
                  ? named.name()
                  : CaseFiles.sound(words, "admission-reason-missing");
          returning.toDecide(permits, file, Ground.NOT_LISTED, null, named, why);
        });
  }

  private static Admission among(List<Admission> entries, long entry) {
    return entries.stream()
        .filter(each -> each.id() == entry)
        .findFirst()
        .orElseThrow(() -> new Refusal("admission-unknown", 422));
  }
}
