package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseClock;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases;
import io.linyu.casework.Opened;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channels;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a resident is told of their own matters: how each is called, how it stands, and what
/// happens by when.
final class Matters {
  private static final int SHOWN = 5;
  private static final int CLOSED_LOOKED_AT = 50;

  /// For so long, 没好 is about what was closed last.
  private static final Duration TOLD_AGAIN_WITHIN = Duration.ofDays(15);

  private final Cases cases;
  private final Channels channels;
  private final String publicUrl;
  private final ZoneId zone;

  Matters(Cases cases, Channels channels, String publicUrl, ZoneId zone) {
    this.cases = cases;
    this.channels = channels;
    this.publicUrl = publicUrl;
    this.zone = zone;
  }

  Map<String, Object> opened(Context context, Opened opened) {
    String link = publicUrl + "/h5/cases/" + opened.code();
    var told = new HashMap<String, Object>();
    told.put("number", opened.number().toString());
    told.put("desk", opened.deskName());
    told.put("promise", promise(opened, context));
    told.put("link", link);
    AddressKey address = context.with().address;
    if (channels.of(address).ladder(address.account()).subscription() != null) {
      told.put("notify", link);
    }
    return told;
  }

  /// The resident's page on which they join their addresses.
  String addresses(Conversation with) {
    return publicUrl + "/h5/inbox/" + with.code + "/addresses";
  }

  /// @param spoken the number asked for; null: the latest
  Map<String, Object> mine(Context context, @Nullable String spoken) {
    long person = context.with().personId;
    if (spoken != null) {
      List<Case> found =
          CaseNumber.parse(spoken)
              .flatMap(number -> cases.byNumber(context.tx(), person, number))
              .stream()
              .toList();
      return Map.of("cases", found.stream().map(each -> shown(each, context)).toList());
    }
    List<Case> found = cases.ofPerson(context.tx(), person, SHOWN);
    return Map.of(
        "cases",
        found.stream().map(each -> shown(each, context)).toList(),
        "total",
        cases.countOfPerson(context.tx(), person));
  }

  /// Danger is over when it is over; what is told again was handled by somebody.
  Map<String, Object> lastClosed(Context context) {
    Instant since = context.now().minus(TOLD_AGAIN_WITHIN);
    Optional<Case> last =
        cases.ofPerson(context.tx(), context.with().personId, CLOSED_LOOKED_AT).stream()
            .filter(each -> each.state() != CaseState.HANDED_OFF)
            .filter(each -> each.closedAt() != null && each.closedAt().isAfter(since))
            .max(Comparator.comparing(each -> requireNonNull(each.closedAt())));
    var found = new HashMap<String, Object>();
    last.ifPresent(matter -> {
      found.put("number", matter.number().toString());
      found.put("title", matter.title());
      if (matter.place() != null) {
        found.put("place", matter.place());
      }
      if (matter.territoryKnown()) {
        found.put("territory", matter.territoryId());
      }
    });
    return found;
  }

  private Map<String, Object> shown(Case each, Context context) {
    return Map.of(
        "number", each.number().toString(),
        "title", each.title(),
        "state", each.state().plainly(context.with().language),
        "desk", each.deskName(),
        "next", next(each, context),
        "link", publicUrl + "/h5/cases/" + each.code());
  }

  /// What is promised at once: contact, or first that somebody looks whose it is.
  private String promise(Opened opened, Context context) {
    return promise(
        opened.state() == CaseState.REPORTED
            ? CaseClock.Kind.ACCEPTANCE
            : CaseClock.Kind.FIRST_CONTACT,
        opened.contactBy(),
        context);
  }

  private String next(Case matter, Context context) {
    return cases
        .promised(context.tx(), matter.id())
        .map(clock -> promise(clock.kind(), clock.dueAt(), context))
        .orElse("");
  }

  private String promise(CaseClock.Kind kind, Instant due, Context context) {
    Words words = Words.in(context.with().language);
    var time = new TimeWords(zone, context.with().language);
    return due.isAfter(context.now())
        ? words.of("resident.promise." + kind.word(), time.before(due, context.now()))
        : words.of("resident.promise.late", time.at(due, context.now()));
  }
}
