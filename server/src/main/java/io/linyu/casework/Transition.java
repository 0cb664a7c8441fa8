package io.linyu.casework;

import static io.linyu.casework.Actor.*;
import static io.linyu.casework.CaseState.*;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The six-step loop as a table: what may happen to a case, from where, to where, by whom. Nothing
/// changes a case's state but a row of this table.
public enum Transition {
  T01("draft", nothing(), DRAFT, BOT, RESIDENT, GRID, COMMUNITY),
  T02("confirm", in(DRAFT), REPORTED, RESIDENT, GRID),
  T03("danger", in(DRAFT), HANDED_OFF, BOT, COMMUNITY),
  T04("look", in(REPORTED), VERIFYING, COMMUNITY),
  T05("seen", in(VERIFYING), REPORTED, GRID),
  /// Nobody could look, or it is not waited for any more.
  T05b("not seen", in(VERIFYING), REPORTED, GRID, COMMUNITY, SYSTEM),
  T06("accept", in(REPORTED), FILED, COMMUNITY, BOT),
  T06b("take the acceptance back", in(HANDLING), REPORTED, HANDLER),
  T07("reject", in(REPORTED), REJECTED, COMMUNITY),
  T07b("appeal granted", in(REJECTED), REPORTED, RESIDENT, STREET),
  /// While an appeal waits it needs exactly one who has it, and a clock: so asking opens the matter
  /// again, at the desk that decides. What the table calls `T07b` is thus done in two steps, this
  /// and `T06` by that desk; `T07` by it upholds, and is the end.
  T07c("appeal", in(REJECTED), REPORTED, RESIDENT),
  T07d("take the rejection back", in(REJECTED), REPORTED, COMMUNITY),
  /// Also what was accepted by rule and nobody has in hand: most of what is told waits like that.
  T08("merge", from(REPORTED, HANDLING), MERGED, COMMUNITY, STREET, DISTRICT),
  T08b("split", in(MERGED), FILED, RESIDENT, COMMUNITY, STREET, DISTRICT),
  T08c(
      "join a known matter",
      from(REPORTED, HANDLING),
      MERGED,
      RESIDENT,
      COMMUNITY,
      STREET,
      DISTRICT),
  T08d("leave a known matter", in(MERGED), FILED, RESIDENT, COMMUNITY, STREET, DISTRICT, SYSTEM),
  /// One message told of several matters, and each is handled by itself: the others begin anew,
  /// this one goes on.
  T08e(
      "split into several", from(REPORTED, HANDLING), same(), COMMUNITY, STREET, DISTRICT, HANDLER),
  T08f(
      "take the splitting back",
      from(REPORTED, DISPATCHED),
      WITHDRAWN,
      COMMUNITY,
      STREET,
      DISTRICT,
      HANDLER),
  T09("dispatch", in(FILED), DISPATCHED, COMMUNITY, STREET, DISTRICT, SYSTEM),
  T10("sign", in(DISPATCHED), HANDLING, HANDLER),
  T10b("take the signature back", in(HANDLING), DISPATCHED, HANDLER),
  T11("return", in(DISPATCHED), FILED, HANDLER),
  T12("transfer", in(HANDLING), DISPATCHED, COMMUNITY, STREET, DISTRICT),
  T13("co-handle", in(HANDLING), HANDLING, HANDLER),
  T14("extend", in(HANDLING), HANDLING, HANDLER, COMMUNITY, STREET, DISTRICT, LEADER),
  T15("suspend", in(HANDLING), SUSPENDED, HANDLER, LEADER),
  T15b("close while suspended", in(SUSPENDED), CLOSED, LEADER),
  T16("resume", in(SUSPENDED), HANDLING, SYSTEM, HANDLER),
  T17("report result", in(HANDLING), FEEDBACK, HANDLER),
  T17b("take the result back", in(INSPECTING), HANDLING, HANDLER),
  T18("send to check", in(FEEDBACK), INSPECTING, SYSTEM),
  T19("fail check", in(INSPECTING), HANDLING, VERIFIER),
  T20("pass check", in(INSPECTING), RETURN_VISIT, VERIFIER),
  T21("skip check", in(FEEDBACK), RETURN_VISIT, SYSTEM),
  T22("close", in(RETURN_VISIT), CLOSED, SYSTEM, COMMUNITY),
  T23("not solved", in(RETURN_VISIT), HANDLING, COMMUNITY),
  T24("close as unreasonable", in(RETURN_VISIT), CLOSED, LEADER),
  T25("archive", in(CLOSED), ARCHIVED, SYSTEM),
  /// Also what was filed away: a resident has fifteen days, and the file is taken out again.
  T26("reopen", from(CLOSED, ARCHIVED), HANDLING, RESIDENT, LEADER),
  T27("withdraw", from(DRAFT, FEEDBACK), WITHDRAWN, RESIDENT),
  T27b("withdraw what was merged", in(MERGED), WITHDRAWN, RESIDENT),
  T28("urge", from(FILED, SUSPENDED), same(), RESIDENT, COMMUNITY, LEADER),
  T29("supervise", from(FILED, RETURN_VISIT), same(), LEADER),
  T30("escalate", from(FILED, RETURN_VISIT), FILED, SYSTEM, COMMUNITY, STREET),
  T31("send down", in(FILED), FILED, STREET, DISTRICT),
  T32("correct data", everywhere(), same(), COMMUNITY, STREET, DISTRICT, HANDLER),
  T33("view", everywhere(), same(), anybody()),
  T34("publish", in(CLOSED), same(), COMMUNITY);

  private final String what;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final Set<CaseState> from;

  private final @Nullable CaseState to;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final Set<Actor> by;

  Transition(String what, Set<CaseState> from, @Nullable CaseState to, Actor... by) {
    this.what = what;
    this.from = Collections.unmodifiableSet(from);
    this.to = to;
    this.by = Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(by)));
  }

  /// In a word or two, as the table names it.
  public String what() {
    return what;
  }

  public Set<CaseState> from() {
    return from;
  }

  public Set<Actor> by() {
    return by;
  }

  /// Where it leads from here.
  public CaseState to(CaseState here) {
    return to == null ? here : to;
  }

  /// Whether it ends where it began.
  public boolean staysPut() {
    return to == null;
  }

  public boolean allows(CaseState here, Collection<Actor> actors) {
    return from.contains(here) && !Collections.disjoint(by, actors);
  }

  private static Set<CaseState> nothing() {
    return EnumSet.noneOf(CaseState.class);
  }

  private static Set<CaseState> in(CaseState state) {
    return EnumSet.of(state);
  }

  private static Set<CaseState> from(CaseState first, CaseState last) {
    return EnumSet.range(first, last);
  }

  private static Set<CaseState> everywhere() {
    return EnumSet.allOf(CaseState.class);
  }

  private static @Nullable CaseState same() {
    return null;
  }

  private static Actor[] anybody() {
    return Actor.values();
  }
}
