package io.linyu.console;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Audit.Filter;
import io.linyu.community.audit.AuditEntry;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the page of the audit is given.
public final class AuditPages {
  private AuditPages() {}

  /// @param reading what of it they read
  /// @param isFirst whether it begins with the newest
  public record AuditPage(
      Frame frame,
      ZoneId zone,
      Audit.Reading reading,
      Filter filter,
      boolean isFirst,
      Audit.Page found) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    public Words words() {
      return frame.words();
    }

    /// Which words there are for what they read.
    public String lead() {
      return switch (reading) {
        case ALL -> "audit.lead";
        case STREET, COMMUNITY -> "audit.lead-unit";
        case OWN -> "audit.lead-own";
      };
    }

    /// Whether others than themselves are in it.
    public boolean hasOthers() {
      return reading != Audit.Reading.OWN;
    }

    public boolean isAll() {
      return reading == Audit.Reading.ALL;
    }

    public List<Deed> deeds() {
      return Stream.of(Deed.values()).filter(each -> isAll() || each.isLook()).toList();
    }

    public List<Who.Kind> kinds() {
      return List.of(Who.Kind.values());
    }

    public Told told(AuditEntry entry) {
      return new Told(words(), entry);
    }

    /// With the year: this is evidence, not news.
    public String day(AuditEntry entry) {
      return LocalDate.ofInstant(entry.at(), zone).toString();
    }

    public String time(AuditEntry entry) {
      return TIME.format(entry.at().atZone(zone));
    }

    public String dayOf(@Nullable LocalDate day) {
      return day == null ? "" : day.toString();
    }

    /// `?by=…` as it is; empty when nothing is looked for.
    public String query() {
      return query(null);
    }

    public String next() {
      AuditEntry.Place next = found.next();
      return "/console/audit" + query(next == null ? null : next.text());
    }

    private String query(@Nullable String after) {
      var parts = new LinkedHashMap<String, String>();
      parts.put("by", filter.by() == null ? "" : filter.by().word());
      parts.put("who", filter.who());
      parts.put("what", filter.what() == null ? "" : filter.what().word());
      parts.put("from", dayOf(filter.from()));
      parts.put("to", dayOf(filter.to()));
      parts.put("case", filter.about());
      parts.put("after", after == null ? "" : after);
      String query =
          parts.entrySet().stream()
              .filter(each -> !each.getValue().isEmpty())
              .map(each ->
                  each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
              .collect(Collectors.joining("&"));
      return query.isEmpty() ? "" : "?" + query;
    }
  }

  /// One entry in words.
  public record Told(Words words, AuditEntry entry) {
    /// Without anybody whom they concern, an unknown name was typed.
    private static final Set<Deed> SIGN_INS = Set.of(Deed.SIGN_IN_FAILED, Deed.SIGN_IN_REFUSED);

    public String who() {
      AuditEntry.Person staff = entry.staff();
      return staff == null ? words.of("audit.by." + entry.by().word()) : named(staff);
    }

    /// The word itself, where another release has brought it.
    public String what() {
      String key = "audit.what." + entry.what();
      return words.has(key) ? words.of(key) : entry.what();
    }

    /// Empty: it concerns whoever did it.
    public String about() {
      AuditEntry.Person about = entry.about();
      if (about != null) {
        return named(about);
      }
      return entry.deed().filter(SIGN_INS::contains).isPresent()
          ? words.of("audit.unknown-account")
          : "";
    }

    private String absence() {
      String deputy = entry.detail("deputy");
      String desk = entry.detail("desk");
      return words.of(
          deputy.isEmpty()
              ? "audit.absence"
              : desk.isEmpty() ? "audit.absence-deputy" : "audit.absence-lent",
          entry.detail("from"),
          entry.detail("last"),
          deputy,
          desk);
    }

    public String detail() {
      return entry
          .deed()
          .map(deed ->
              switch (deed) {
                case SIGNED_IN, SECOND_FACTOR_FAILED -> word("audit.with.", "with");
                case RECOVERY_CODE_USED -> words.of("audit.left", entry.detail("left"));
                case STAFF_ADDED, STAFF_CHANGED -> place();
                case IMPORTED -> imported();
                case SERVER_STARTED ->
                    words.of("audit.started", entry.detail("version"), entry.detail("changed"));
                case SETTING_CHANGED -> setting();
                case BACKED_UP ->
                    words.of(
                        "audit.backed-up", String.valueOf(entry.subject()), entry.detail("rows"));
                case RESTORED ->
                    words.of(
                        "audit.restored",
                        String.valueOf(entry.subject()),
                        entry.detail("made_at").replace('T', ' '),
                        entry.detail("release"));
                case CASE_LOOKED -> looked(entry.detail("case"));
                case LOOK_REFUSED -> looked(entry.detail("sought"));
                case MENU_PUBLISHED -> String.valueOf(entry.subject());
                case CHANNEL_PROBED -> entry.detail("account");
                case CHANNEL_RESUMED ->
                    words.of(
                        "audit.resumed",
                        entry.detail("account"),
                        entry.detail("call"),
                        entry.detail("code"));
                case KEY_ROTATED ->
                    words.of(
                        entry.detail("complete").equals("true")
                            ? "audit.key-rotated"
                            : "audit.key-rotating",
                        entry.detail("resealed"));
                case KEY_FORGOTTEN -> words.of("audit.key-forgotten", entry.detail("erased"));
                case PEOPLE_JOINED, PERSON_COMPARED, PERSON_SOUGHT ->
                    words.of("audit.joined-cases", entry.detail("case"), entry.detail("other"));
                case PEOPLE_PARTED,
                    PHONE_VERIFIED,
                    CONSENTS_SEEN,
                    CONSENT_RECORDED,
                    CONSENT_ENDED,
                    CONSENT_RENEWED,
                    CONSENT_CODE_DRAWN,
                    STAFF_NUMBER_SEEN,
                    STAFF_CODE_DRAWN,
                    STAFF_REACHED,
                    CASE_PRINTED,
                    PAPER_OPENED,
                    EXAMPLE_PROPOSED,
                    EXAMPLE_WITHDRAWN,
                    SLIP_CODE_DRAWN,
                    RESIDENT_NUMBER_SEEN ->
                    entry.detail("case");
                case STAFF_ADDRESS_BOUND, STAFF_ADDRESS_UNBOUND -> entry.detail("way");
                case DESK_ORDER_CHANGED -> entry.detail("desk");
                case ABSENCE_SET, ABSENCE_ENDED -> absence();
                case DESK_HOURS_SET ->
                    words.of(
                        "audit.hours-set",
                        entry.detail("desk"),
                        entry.detail("week").isEmpty()
                            ? words.of("hours.house")
                            : entry.detail("week"),
                        words.of(
                            entry.detail("holidays").equals("true")
                                ? "hours.with-holidays"
                                : "hours.without-holidays"),
                        entry.detail("from"),
                        entry.detail("reason"));
                case DESK_HOURS_TAKEN_BACK ->
                    words.of("audit.hours-taken-back", entry.detail("desk"), entry.detail("from"));
                case PERSON_EXPORTED ->
                    words.of(
                        "audit.person-exported", entry.detail("person"), entry.detail("cases"));
                case PERSON_ERASED ->
                    words.of("audit.person-erased", entry.detail("person"), entry.detail("rows"));
                case KNOWN_PUBLISHED, KNOWN_UPDATED, KNOWN_ENDED, KNOWN_WITHDRAWN ->
                    words.of("audit.known", entry.detail("place"), entry.detail("category"));
                case ROUTING_SET ->
                    words.of(
                        "audit.routing-set",
                        entry.detail("rule"),
                        entry.detail("category"),
                        entry.detail("territory"),
                        entry.detail("desk"),
                        entry.detail("from"),
                        entry.detail("reason"));
                case ROUTING_ENDED ->
                    words.of(
                        "audit.routing-ended",
                        entry.detail("rule"),
                        entry.detail("until"),
                        entry.detail("reason"));
                case LIMIT_SET ->
                    words.of(
                        "audit.limit-set",
                        entry.detail("version"),
                        word("limit.", "what"),
                        entry.detail("category"),
                        entry.detail("was"),
                        entry.detail("limit"),
                        entry.detail("from"),
                        entry.detail("reason"));
                case LIMIT_TAKEN_BACK -> words.of("audit.limit-version", entry.detail("version"));
                case RULE_SET ->
                    words.of(
                        "audit.rule-set",
                        entry.detail("rule"),
                        entry.detail("version"),
                        word("rule.mode.", "was"),
                        word("rule.mode.", "is"),
                        entry.detail("reason"));
                case CRITICISM_ANSWERED, CRITICISM_DISPUTED ->
                    words.of("audit.criticism", entry.detail("case"), entry.detail("desk"));
                case CRITICISM_DECIDED ->
                    words.of("audit.criticism", entry.detail("case"), entry.detail("desk"))
                        + words.of("audit.comma")
                        + word("criticism.decided.", "step");
                case CRITICISMS_EXPORTED -> entry.detail("month");
                case ADMISSION_SET ->
                    words.of("audit.admission-set", entry.detail("name"), entry.detail("by"));
                case ADMISSION_ENDED -> entry.detail("name");
                case EXCLUSION_PROPOSED ->
                    words.of(
                        "audit.exclusion",
                        entry.detail("case"),
                        word("exclusion.ground.", "ground"));
                case EXCLUSION_DECIDED ->
                    words.of(
                        "audit.exclusion", entry.detail("case"), word("exclusion.state.", "step"));
                case BOX_CHANGED -> entry.detail("box");
                case BOX_OPENED, BOX_SEALED ->
                    words.of("audit.box", entry.detail("box"), entry.detail("slips"));
                case ROUTING_TAKEN_BACK -> words.of("audit.routing-rule", entry.detail("rule"));
                case CASES_EXPORTED -> list();
                case CASES_PRINTED ->
                    list()
                        + words.of("audit.comma")
                        + words.of("audit.printed-rows", entry.detail("rows"));
                case SHIFT_HANDED_OVER,
                    SHIFT_WITHDRAWN,
                    SHIFT_TAKEN_OVER,
                    SHIFT_GIVEN_BACK,
                    SHIFT_PRINTED ->
                    shift();
                case CASES_EXPORT_ENDED ->
                    words.of(
                        "audit.export-ended", entry.detail("rows"), word("export.state.", "how"));
                case FIGURES_EXPORTED ->
                    words.of(
                            "audit.figures",
                            entry.detail("place"),
                            entry.detail("from"),
                            entry.detail("to"))
                        + (entry.detail("metric").isEmpty()
                            ? ""
                            : words.of("audit.comma") + word("figure.", "metric"));
                case AUDIT_EXPORTED -> filter();
                case AUDIT_FORGOTTEN ->
                    words.of("audit.forgotten", entry.detail("before"), entry.detail("count"));
                case SIGN_IN_FAILED,
                    SIGN_IN_REFUSED,
                    SIGNED_OUT,
                    SECOND_FACTOR_ON,
                    SECOND_FACTOR_OFF,
                    SECOND_FACTOR_RESET,
                    RECOVERY_CODES_MADE,
                    PASSWORD_SET,
                    STAFF_LEFT ->
                    "";
              })
          .orElseGet(() -> entry.details().isEmpty() ? "" : entry.details().toString());
    }

    /// What was taken away: which list, by what it was narrowed, how, and why.
    private String list() {
      var told = new ArrayList<String>();
      told.add(word("inbox.", "list"));
      entry.details().keySet().stream()
          .filter(each -> each.startsWith("filter."))
          .sorted()
          .forEach(each -> told.add(words.of("filter.is", words.of(each), entry.detail(each))));
      if (!entry.detail("search_length").isEmpty()) {
        told.add(words.of("audit.export-search", entry.detail("search_length")));
      }
      if (!entry.detail("format").isEmpty()) {
        told.add(entry.detail("format"));
      }
      boolean unmasked = entry.detail("unmasked").equals("yes");
      told.add(
          unmasked
              ? entry.detail("reason").isEmpty()
                  ? words.of("audit.printed-unmasked")
                  : words.of("audit.export-unmasked", entry.detail("reason"))
              : words.of("audit.export-masked"));
      return String.join(words.of("audit.comma"), told);
    }

    private String looked(String number) {
      return words.of(
          "audit.looked", number, word("look.reason.", "reason"), entry.detail("words"));
    }

    private String shift() {
      String cases = entry.detail("cases");
      return cases.isEmpty()
          ? entry.detail("desk")
          : words.of("audit.shift", entry.detail("desk"), cases);
    }

    private String place() {
      var told = new ArrayList<String>();
      if (!entry.detail("role").isEmpty()) {
        told.add(place(""));
      }
      if (!entry.detail("role_was").isEmpty()) {
        told.add(words.of("audit.was", place("_was")));
      }
      for (String deed : List.of("joined", "gave_up")) {
        if (!entry.detail(deed).isEmpty()) {
          told.add(words.of("audit." + deed, entry.detail(deed)));
        }
      }
      return String.join(words.of("audit.comma"), told);
    }

    private String place(String when) {
      return Stream.of(entry.detail("territory" + when), word("role.", "role" + when))
          .filter(each -> !each.isEmpty())
          .collect(Collectors.joining(" "));
    }

    private String imported() {
      String counts =
          words.of(
              "audit.counts",
              entry.detail("added"),
              entry.detail("changed"),
              entry.detail("unchanged"),
              entry.detail("ended"));
      String file = entry.subject();
      return Stream.of(word("audit.kind.", "kind"), file == null ? "" : file, counts)
          .filter(each -> !each.isEmpty())
          .collect(Collectors.joining(words.of("audit.comma")));
    }

    private String setting() {
      String key = String.valueOf(entry.subject());
      if (!entry.detail("secret").isEmpty()) {
        return words.of("audit.setting-secret", key);
      }
      return words.of("audit.setting", key, orUnset("from"), orUnset("to"));
    }

    private String orUnset(String key) {
      return entry.details().containsKey(key) ? entry.detail(key) : words.of("audit.unset");
    }

    private String filter() {
      String told =
          Stream.of(
                  word("audit.by.", "by"),
                  entry.detail("who"),
                  word("audit.what.", "what"),
                  entry.detail("from"),
                  entry.detail("to"),
                  entry.detail("about"),
                  entry.detail("reason"))
              .filter(each -> !each.isEmpty())
              .collect(Collectors.joining(words.of("audit.comma")));
      return told.isEmpty() ? words.of("audit.all") : told;
    }

    /// The words of a detail, or the detail itself where it has none.
    private String word(String prefix, String key) {
      String value = entry.detail(key);
      return words.has(prefix + value) ? words.of(prefix + value) : value;
    }

    private String named(AuditEntry.Person person) {
      return words.of("audit.person", person.name(), person.code());
    }
  }
}
