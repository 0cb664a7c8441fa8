package io.linyu.bot;

import static io.linyu.bot.Actions.Type.BOOL;
import static io.linyu.bot.Actions.Type.LIST;
import static io.linyu.bot.Actions.Type.MESSAGES;
import static io.linyu.bot.Actions.Type.NUMBER;
import static io.linyu.bot.Actions.Type.TEXT;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything the bot may want done: the contract between scripts, which name these and are checked
/// against them, and reception, which carries them out.
public final class Actions {
  /// What an argument or a result is. `MESSAGES` is a list of the ids under which messages are
  /// kept, `LIST` a list of maps.
  public enum Type {
    TEXT,
    NUMBER,
    BOOL,
    MESSAGES,
    LIST
  }

  /// @param byBot the bot fills it in by itself; a script cannot name it
  public record Parameter(String name, Type type, boolean required, boolean byBot) {
    Parameter optional() {
      return new Parameter(name, type, false, byBot);
    }

    Parameter own() {
      return new Parameter(name, type, required, true);
    }
  }

  /// @param changes whether it changes something ([Move.Act]) or only looks it up ([Move.Ask])
  public record Action(String name, boolean changes, List<Parameter> takes, List<Parameter> gives) {
    public @Nullable Parameter takes(String parameter) {
      return named(takes, parameter);
    }

    public @Nullable Parameter gives(String result) {
      return named(gives, result);
    }
  }

  /// Files what the resident told. `promise` says in words what happens next and by when.
  public static final Action OPEN_CASE =
      act(
          "open_case",
          List.of(
              of("what", TEXT),
              of("place", TEXT).optional(),
              of("photos", MESSAGES),
              of("territory", NUMBER).own().optional(),
              of("messages", MESSAGES).own(),
              of("category", TEXT).own().optional(),
              of("desk", NUMBER).own().optional(),
              of("confirmed", BOOL).own(),
              of("consent", NUMBER).own().optional(),
              of("quiet", BOOL).own().optional()),
          List.of(
              of("number", TEXT),
              of("desk", TEXT),
              of("promise", TEXT),
              of("link", TEXT),
              of("notify", TEXT).optional()));

  /// The resident has the same matter as one that is known, and has read this `version` of it;
  /// none: they have read nothing of it yet. `already` says that they had joined it before, under
  /// this number.
  public static final Action JOIN_KNOWN =
      act(
          "join_known",
          List.of(
              of("matter", NUMBER).own(),
              of("version", NUMBER).own().optional(),
              of("what", TEXT).own(),
              of("place", TEXT).own().optional(),
              of("territory", NUMBER).own().optional(),
              of("messages", MESSAGES).own(),
              of("consent", NUMBER).own().optional(),
              of("confirmed", BOOL).own()),
          List.of(of("number", TEXT), of("link", TEXT), of("already", BOOL)));

  /// What the resident joined last is another matter after all, and is handled by itself.
  public static final Action LEAVE_KNOWN =
      act(
          "leave_known",
          List.of(of("consent", NUMBER).own().optional()),
          List.of(of("number", TEXT), of("desk", TEXT), of("promise", TEXT)));

  /// The resident's matters, newest first; with a number only that one. Each of `cases` has number,
  /// title, state (in plain words), desk, next (what happens next and by when, or that it is late),
  /// link. `total` counts also those that are not among them, and `all` is where the resident sees
  /// them, when they can sign in to a page. `papers` is the page of the newest that documents may
  /// still be handed in to.
  public static final Action MY_CASES =
      ask(
          "my_cases",
          List.of(of("number", TEXT).optional()),
          List.of(
              of("cases", LIST),
              of("total", NUMBER).optional(),
              of("all", TEXT).optional(),
              of("papers", TEXT).optional()));

  /// The matter of the resident that was closed last, not long ago: nothing when there is none.
  /// `asked` is the number of one after which they are just being asked. `rejected` is the number
  /// alone of one that was never begun.
  public static final Action LAST_CLOSED =
      ask(
          "last_closed",
          List.of(),
          List.of(
              of("asked", TEXT).optional(),
              of("reopens", BOOL).optional(),
              of("number", TEXT).optional(),
              of("rejected", TEXT).optional(),
              of("title", TEXT).optional(),
              of("place", TEXT).optional(),
              of("territory", NUMBER).optional(),
              of("consent", NUMBER).optional(),
              of("who", TEXT).optional()));

  /// Buildings that the words name, or that the code on a door names (`code:…`). Each of `found`
  /// has territory and name.
  public static final Action FIND_BUILDING =
      ask("find_building", List.of(of("text", TEXT)), List.of(of("found", LIST)));

  /// At which desk a code stands. Nothing comes back when it is none of ours.
  public static final Action FIND_DESK =
      ask(
          "find_desk",
          List.of(of("code", TEXT)),
          List.of(of("desk", NUMBER).optional(), of("name", TEXT).optional()));

  /// Remembers where the resident lives.
  public static final Action BIND_BUILDING =
      act(
          "bind_building",
          List.of(of("territory", NUMBER)),
          List.of(of("name", TEXT), of("community", TEXT)));

  /// Danger to life. `kind` is one of fire, gas, medical, crime, violence, trapped, missing,
  /// suicide, hazard; `number` the numbers the resident was told; `first` the message in which the
  /// same danger was told first, which has its alarm already when it is another one. In the outcome
  /// `number` is the case's, and `seen` says that a named person has acknowledged the alarm.
  public static final Action RING_ALARM =
      act(
          "ring_alarm",
          List.of(
              of("kind", TEXT),
              of("what", TEXT),
              of("number", TEXT),
              of("messages", MESSAGES),
              of("first", NUMBER)),
          List.of(of("number", TEXT), of("desk", TEXT), of("seen", BOOL).optional()));

  /// Queues a voice to be heard by a person. `already` counts the voices of this resident that were
  /// waiting before it; `bundle` says that it belongs with them.
  public static final Action KEEP_VOICE =
      act(
          "keep_voice",
          List.of(of("message", NUMBER), of("bundle", BOOL)),
          List.of(of("by", TEXT), of("phone", TEXT), of("already", NUMBER)));

  /// Calls a person into the conversation.
  public static final Action HAND_OVER =
      act(
          "hand_over",
          List.of(
              of("reason", TEXT),
              of("desk", NUMBER).own().optional(),
              of("consent", NUMBER).own().optional()),
          List.of(
              of("desk", TEXT),
              of("open", BOOL),
              of("nextOpen", TEXT).optional(),
              of("phone", TEXT)));

  /// A code to type at another address of the same resident, and the page that does the same.
  public static final Action LINK_CODE =
      act("link_code", List.of(), List.of(of("code", TEXT), of("link", TEXT)));

  /// A code from another address was typed here. `outcome` is `right`, `wrong`, `same` (it is one
  /// already) or `often` (too many were wrong); `who` says only when it is right whose it is.
  public static final Action LINK_CLAIM =
      act(
          "link_claim",
          List.of(of("code", TEXT)),
          List.of(of("outcome", TEXT), of("who", TEXT).optional()));

  /// Joins what was claimed here last. Without `who` its time was over, and nothing was done.
  public static final Action LINK_JOIN =
      act("link_join", List.of(), List.of(of("who", TEXT).optional()));

  /// With whom this address was joined last, if it was.
  public static final Action LINKED = ask("linked", List.of(), List.of(of("who", TEXT).optional()));

  /// Takes that back.
  public static final Action UNLINK = act("unlink", List.of(), List.of(of("done", BOOL)));

  /// From now on answers go to this address.
  public static final Action ANSWER_HERE = act("answer_here", List.of(), List.of());

  /// A code by which a relative may act for the resident. `kinship` is what they are, such as `女儿`.
  public static final Action FAMILY_CODE =
      act("family_code", List.of(of("kinship", TEXT)), List.of(of("code", TEXT)));

  /// What was just offered so shall let the relative see everything. `done` is false when there is
  /// nothing that nobody took yet.
  public static final Action FAMILY_ALL = act("family_all", List.of(), List.of(of("done", BOOL)));

  /// A relative said such a code here. `outcome` is `right`, `wrong`, `own` (it is their own) or
  /// `often` (too many were wrong); `who` says only when it is right whom it is about, and `all`
  /// whether everything may be seen.
  public static final Action FAMILY_CLAIM =
      act(
          "family_claim",
          List.of(of("code", TEXT)),
          List.of(of("outcome", TEXT), of("who", TEXT).optional(), of("all", BOOL).optional()));

  /// They said yes, and their name. Without `who` its time was over, and nothing was done.
  public static final Action FAMILY_TAKE =
      act(
          "family_take",
          List.of(of("name", TEXT)),
          List.of(of("who", TEXT).optional(), of("until", TEXT).optional()));

  /// For whom the resident may act. Each of `acting` has consent, who, and place and territory
  /// where it is known where they live.
  public static final Action FAMILY_MINE =
      ask("family_mine", List.of(), List.of(of("acting", LIST)));

  /// Nobody acts for the resident any more; with a kinship, nobody of that kind. `who` says who
  /// did, and is empty when nobody did.
  public static final Action FAMILY_REVOKE =
      act("family_revoke", List.of(of("kinship", TEXT).optional()), List.of(of("who", TEXT)));

  /// The resident does not act by this consent any more.
  public static final Action FAMILY_STOP =
      act("family_stop", List.of(of("consent", NUMBER)), List.of(of("who", TEXT)));

  /// More about a matter of theirs, or of somebody they act for. `done` is false when it is over.
  public static final Action ADD_TO_CASE =
      act(
          "add_to_case",
          List.of(of("number", TEXT), of("messages", MESSAGES)),
          List.of(of("number", TEXT), of("done", BOOL)));

  /// A matter of theirs, or one they told for somebody, is not wanted any more; `safety`: it is
  /// seen to all the same.
  public static final Action WITHDRAW_CASE =
      act(
          "withdraw_case",
          List.of(of("number", TEXT)),
          List.of(of("number", TEXT), of("safety", BOOL)));

  /// What of theirs, or of what they told for somebody, still goes on, newest first; with a number
  /// only that one, gone on or not. Each of `cases` has number and title.
  public static final Action GOING_ON =
      ask("going_on", List.of(of("number", TEXT).optional()), List.of(of("cases", LIST)));

  /// They wait for it: whoever has it hears so. `done` is false when that was passed on before,
  /// less than a day ago. `who` says in words who has it, `next` what happens next and by when,
  /// `last` when it was passed on, and `again` when it may be again.
  public static final Action URGE_CASE =
      act(
          "urge_case",
          List.of(of("number", TEXT)),
          List.of(
              of("number", TEXT),
              of("done", BOOL),
              of("who", TEXT),
              of("next", TEXT),
              of("last", TEXT),
              of("again", TEXT)));

  /// The newest matter of which they can say now whether it is solved: nothing when there is none.
  public static final Action TO_RATE =
      ask(
          "to_rate",
          List.of(),
          List.of(
              of("number", TEXT).optional(),
              of("title", TEXT).optional(),
              of("next", TEXT).optional()));

  /// They say how it is: `what` is `solved` (`value` yes, no, partly), `satisfied` (satisfied,
  /// basically, fair, dissatisfied) or `contacted` (yes, no). `unasked` when it answers no question
  /// of ours. `next` is what is to be asked now, or empty; `said` whether it is solved, in words;
  /// `against` whether they are not content; `open` whether somebody looks at it then.
  public static final Action RATE_CASE =
      act(
          "rate_case",
          List.of(
              of("number", TEXT),
              of("what", TEXT),
              of("value", TEXT),
              of("unasked", TEXT).optional(),
              of("words", TEXT).optional()),
          List.of(
              of("number", TEXT),
              of("title", TEXT),
              of("next", TEXT),
              of("said", TEXT).optional(),
              of("against", BOOL).optional(),
              of("open", BOOL).optional()));

  /// What of theirs, or of what they told for somebody, was rejected and may be looked at once
  /// more, newest first; with a number only that one, whatever became of it. Each of `cases` has
  /// number and title.
  public static final Action REJECTED =
      ask("rejected", List.of(of("number", TEXT).optional()), List.of(of("cases", LIST)));

  /// Another desk is to look at what was rejected. `desk` is its name, `by` says in words until
  /// when it decides.
  public static final Action APPEAL_CASE =
      act(
          "appeal_case",
          List.of(of("number", TEXT)),
          List.of(of("number", TEXT), of("desk", TEXT), of("by", TEXT)));

  /// What was closed is not solved after all, and goes on under its number. `who` says in words who
  /// has it, `next` what happens next and by when.
  public static final Action REOPEN_CASE =
      act(
          "reopen_case",
          List.of(of("number", TEXT), of("messages", MESSAGES)),
          List.of(of("number", TEXT), of("who", TEXT), of("next", TEXT)));

  /// From now on the resident is spoken to in this language, `zh` or `en`.
  public static final Action SET_LANGUAGE =
      act("set_language", List.of(of("language", TEXT)), List.of());

  /// The resident wants the bot back.
  public static final Action HAND_BACK = act("hand_back", List.of(), List.of());

  private static final Map<String, Action> ALL =
      Stream.of(
              OPEN_CASE,
              JOIN_KNOWN,
              LEAVE_KNOWN,
              MY_CASES,
              LAST_CLOSED,
              FIND_BUILDING,
              FIND_DESK,
              BIND_BUILDING,
              RING_ALARM,
              KEEP_VOICE,
              HAND_OVER,
              LINK_CODE,
              LINK_CLAIM,
              LINK_JOIN,
              LINKED,
              UNLINK,
              ANSWER_HERE,
              FAMILY_CODE,
              FAMILY_ALL,
              FAMILY_CLAIM,
              FAMILY_TAKE,
              FAMILY_MINE,
              FAMILY_REVOKE,
              FAMILY_STOP,
              ADD_TO_CASE,
              WITHDRAW_CASE,
              GOING_ON,
              URGE_CASE,
              TO_RATE,
              RATE_CASE,
              REOPEN_CASE,
              REJECTED,
              APPEAL_CASE,
              SET_LANGUAGE,
              HAND_BACK)
          .collect(toUnmodifiableMap(Action::name, identity()));

  private Actions() {}

  public static @Nullable Action named(String name) {
    return ALL.get(name);
  }

  /// What is wrong with these values, or null: a missing one, an unknown one, one of another type.
  public static @Nullable String fault(List<Parameter> promised, Map<String, ?> values) {
    for (Parameter parameter : promised) {
      Object value = values.get(parameter.name());
      if (value == null ? parameter.required() : !fits(parameter.type(), value)) {
        return parameter.name();
      }
    }
    return values.keySet().stream()
        .filter(name -> named(promised, name) == null)
        .findFirst()
        .orElse(null);
  }

  private static boolean fits(Type type, Object value) {
    return switch (type) {
      case TEXT -> value instanceof String;
      case NUMBER -> value instanceof Number;
      case BOOL -> value instanceof Boolean;
      case MESSAGES, LIST -> value instanceof List<?>;
    };
  }

  private static @Nullable Parameter named(List<Parameter> parameters, String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
  }

  private static Parameter of(String name, Type type) {
    return new Parameter(name, type, true, false);
  }

  private static Action act(String name, List<Parameter> takes, List<Parameter> gives) {
    return new Action(name, true, takes, gives);
  }

  private static Action ask(String name, List<Parameter> takes, List<Parameter> gives) {
    return new Action(name, false, takes, gives);
  }
}
