package io.linyu.demo;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases;
import io.linyu.casework.Casework;
import io.linyu.casework.Checking;
import io.linyu.casework.KnownMatter;
import io.linyu.casework.Part;
import io.linyu.casework.Request;
import io.linyu.casework.Requests;
import io.linyu.casework.Sending;
import io.linyu.casework.Spoken;
import io.linyu.casework.TimeRequest;
import io.linyu.community.Address;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.Territory;
import io.linyu.demo.Tale.Deed;
import io.linyu.demo.Tale.Moment;
import io.linyu.demo.Tale.Step;
import io.linyu.reception.Hearings;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the past happen: residents speak through their phones, staff act through the doors, and the
/// town's clock is put to the moment of each deed.
final class Teller {
  private static final Logger LOG = LoggerFactory.getLogger(Teller.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLAIM_IS_TOLD = Duration.ofSeconds(10);

  /// A wake-up that comes while work is at it is lost on what came after.
  private static final Duration RING_AGAIN = Duration.ofMillis(25);

  /// What is due by the clock, and would else be asked for now and then.
  private static final List<String> DUE_WORK =
      List.of("silence", "rules", "visits", "delays", "errands-look", "archive");

  /// When the house does by itself what is due: as work begins, an hour later, and at its end.
  private static final List<LocalTime> ROUNDS =
      List.of(LocalTime.of(8, 35), LocalTime.of(10, 10), LocalTime.of(18, 10));

  /// Outside the quiet hours, as they are in a new house.
  private static final LocalTime MORNING = LocalTime.of(8, 0);

  private static final LocalTime NIGHT = LocalTime.of(21, 0);
  private static final String HERE = "127.0.0.1";
  private static final LocalTime OPEN = LocalTime.of(10, 0);

  /// Who can sign in, those in front of whom most of it happens first.
  private static final List<String> LOGINS = Town.logins().stream().map(Town.Worker::code).toList();

  private final Doors doors;
  private final WechatSimulator wechat;
  private final TownClock clock;
  private final ZoneId zone;
  private final Instant now;
  private final DemoStore store = new DemoStore();
  private final List<LocalDate> days = new ArrayList<>();
  private final Map<Integer, CaseId> cases = new HashMap<>();
  private long stuck;

  Teller(Doors doors, WechatSimulator wechat, TownClock clock, ZoneId zone, Instant now) {
    this.doors = doors;
    this.wechat = wechat;
    this.clock = clock;
    this.zone = zone;
    this.now = now;
  }

  /// @param from the first step that has not happened yet
  /// @param progress is told how many have happened
  /// @return what could not happen; nothing, unless the town and the house no longer fit
  List<Step> tell(List<Step> past, int from, IntConsumer progress) {
    List<Step> lacking = new ArrayList<>();
    countDays();
    List<Step> steps = past.stream().sorted(Comparator.comparing(each -> at(each.at()))).toList();
    try {
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        if (i < from) {
          recall(step);
          continue;
        }
        if (i > 0) {
          goRound(at(steps.get(i - 1).at()), at(step.at()));
        }
        clock.putTo(at(step.at()));
        awaitQuiet();
        if (!happens(step)) {
          lacking.add(step);
        }
        awaitQuiet();
        if (step.deed() instanceof Deed.Claimed) {
          clock.putTo(at(step.at()).plus(CLAIM_IS_TOLD));
          awaitQuiet();
        }
        store.told(doors.db(), i + 1, clock.instant());
        progress.accept(i + 1);
      }
      goRound(at(steps.getLast().at()), now);
    } finally {
      clock.letRun();
    }
    awaitQuiet();
    store.toldToTheEnd(doors.db());
    return lacking;
  }

  /// What is due in between happens at its time, as if somebody had been there.
  private void goRound(Instant from, Instant until) {
    LocalDate last = LocalDate.ofInstant(until, zone);
    for (LocalDate day = LocalDate.ofInstant(from, zone);
        !day.isAfter(last);
        day = day.plusDays(1)) {
      for (LocalTime time : ROUNDS) {
        Instant round = day.atTime(time).atZone(zone).toInstant();
        if (round.isAfter(from) && round.isBefore(until)) {
          clock.putTo(round);
          awaitQuiet(true);
        }
      }
    }
  }

  /// Working days, back from today.
  private void countDays() {
    Desk desk = doors.community().desks().fallbackFor(territory(Town.QINGYUEYUAN));
    LocalDate day = LocalDate.ofInstant(now, zone);
    days.add(day);
    while (days.size() < Past.DAYS) {
      day = day.minusDays(1);
      if (doors.community().desks().isOpen(desk, day.atTime(OPEN).atZone(zone).toInstant())) {
        days.add(day);
      }
    }
  }

  private Instant at(Moment moment) {
    return moment.day() == 0
        ? now.minus(Duration.ofMinutes(Long.parseLong(moment.time())))
        : days.get(moment.day()).atTime(LocalTime.parse(moment.time())).atZone(zone).toInstant();
  }

  private boolean happens(Step step) {
    try {
      act(step);
      return true;
    } catch (RuntimeException refused) {
      LOG.warn("the past lacks {}", step, refused);
      return false;
    }
  }

  private void act(Step step) {
    Phone phone = wechat.phone(step.who().key());
    switch (step.deed()) {
      case Deed.Says(String text) -> {
        arrive(step.who(), phone);
        phone.says(text);
      }
      case Deed.Sends(String photo) -> phone.image(Samples.photo(photo));
      case Deed.Speaks(String voice) -> {
        arrive(step.who(), phone);
        phone.voice(Samples.voice(voice));
      }
      case Deed.Confirms _ -> {
        phone.says("对");
        newest(step.who()).ifPresent(id -> cases.put(step.matter(), id));
      }
      case Deed.SaysOfIt(String text) -> phone.says(text.formatted(matter(step).number().text()));
      case Deed.FallsSilent _ ->
          cases.put(
              step.matter(),
              newest(step.who()).orElseThrow(() -> new IllegalStateException("nobody was woken")));
      case Deed.Rates(int solved, int content, int contacted) -> {
        for (int number : new int[] {solved, content, contacted}) {
          phone.says("" + number);
          awaitQuiet();
        }
      }
      case Deed.Leaves _ -> phone.unfollow();
      case Deed.Claimed _ -> {
        Case matter = matter(step);
        var _ = doors.casework().handling().claim(handler(matter), matter.id(), matter.version());
      }
      case Deed.Answered(String text) -> {
        Case matter = matter(step);
        var _ =
            doors
                .casework()
                .handling()
                .answer(handler(matter), matter.id(), matter.version(), text);
      }
      case Deed.Noted(String text) -> {
        Case matter = matter(step);
        var _ = doors.casework().handling().note(handler(matter), matter.id(), text);
      }
      case Deed.HandedUp(String reason) -> handUp(matter(step), reason);
      case Deed.Reported(String text) -> {
        var _ = report(matter(step), text);
      }
      case Deed.Checked(boolean passed, String found) -> check(matter(step), passed, found);
      case Deed.Finished(String text) -> finish(matter(step), text);
      case Deed.Closed(String text) -> {
        finish(matter(step), text);
        awaitQuiet();
        // Solved, content, and somebody was in touch.
        for (int asked = 0; asked < 3; asked++) {
          phone.says("1");
          awaitQuiet();
        }
      }
      case Deed.DoneAgain(String reason) -> {
        Staff who = whoMay(Cases.Step.CLAIM, matter(step));
        Case taken = claim(who, matter(step));
        var _ = house().checking().reopen(who, taken.id(), taken.version(), reason);
      }
      case Deed.Overruled(String reason) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.OVERRULE, matter);
        var _ = house().visits().overrule(who, matter.id(), matter.version(), reason);
      }
      case Deed.Proposed(var text) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.PUBLISH, matter);
        var _ = house().examples().propose(who, HERE, matter.id(), matter.version(), text);
      }
      case Deed.Convened(String place, List<String> desks, String about) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.CONVENE, matter);
        List<Long> asked = desks.stream().map(each -> desk(matter, each).id()).toList();
        var at = LocalDate.ofInstant(clock.instant(), zone).plusDays(1).atTime(15, 0);
        var _ =
            house().conferences().set(who, matter.id(), matter.version(), at, place, asked, about);
      }
      case Deed.Rejected(var reason, String text) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.REJECT, matter);
        var _ = house().rejecting().reject(who, matter.id(), matter.version(), reason, text);
      }
      case Deed.LookedAt(String question) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.LOOK, matter);
        var _ =
            house()
                .requests()
                .look(who, matter.id(), matter.version(), head(who, matter), question(question));
      }
      case Deed.HeadAsked(String question) -> {
        Case matter = matter(step);
        Staff who = handler(matter);
        var _ = house().requests().ask(who, matter.id(), head(who, matter), question(question));
      }
      case Deed.HeadSaid(var outcome, String text) -> {
        Case matter = matter(step);
        Request asked = house().requests().of(handler(matter), matter.id()).getFirst();
        doors
            .db()
            .withinTransaction(
                tx -> house().requests().answer(tx, asked, outcome, text, List.of()));
      }
      case Deed.WantsTime(int amount, String reason) -> {
        Case matter = matter(step);
        var _ = house().extending().ask(handler(matter), matter.id(), amount, reason);
      }
      case Deed.WantsToWait(var reason, int waits, String words) -> {
        Case matter = matter(step);
        LocalDate review = LocalDate.ofInstant(clock.instant(), zone).plusDays(waits);
        var _ = house().suspending().ask(handler(matter), matter.id(), reason, review, words);
      }
      case Deed.Granted _ -> grant(matter(step));
      case Deed.Supervised(String reason) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.SUPERVISE, matter);
        var _ = house().supervising().supervise(who, matter.id(), reason);
      }
      case Deed.PartsAsked(List<String> desks, String request) -> {
        Case matter = matter(step);
        List<Long> asked = desks.stream().map(each -> desk(matter, each).id()).toList();
        LocalDate until = requireNonNull(house().parts().lastDay(matter));
        var _ = house().parts().ask(handler(matter), matter.id(), asked, until, request, false);
      }
      case Deed.PartAnswered(String desk, String words) -> {
        Case matter = matter(step);
        Staff who = memberOf(desk(matter, desk));
        Part part =
            house().parts().of(handler(matter), matter.id()).stream()
                .filter(each -> each.deskName().endsWith(desk))
                .findFirst()
                .orElseThrow();
        var _ = house().parts().answer(who, part.code(), words, List.of());
      }
      case Deed.Returned(var ground, String proposed, String words) -> {
        Case matter = matter(step);
        Staff who = memberOf(doors.community().desks().byId(matter.deskId()));
        long desk = desk(matter, proposed).id();
        var _ =
            house().returning().sendBack(who, matter.id(), matter.version(), ground, desk, words);
      }
      case Deed.ReturnAgreed(String to) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.DECIDE_RETURN, matter);
        var _ =
            house().returning().agree(who, matter.id(), matter.version(), desk(matter, to).id());
      }
      case Deed.ReturnRefused(String words) -> {
        Case matter = matter(step);
        Staff who = whoMay(Cases.Step.DECIDE_RETURN, matter);
        var _ = house().returning().refuse(who, matter.id(), matter.version(), words);
      }
      case Deed.Merged(int master) -> {
        Case matter = matter(step);
        Case into = named(requireNonNull(cases.get(master), "the other is no case"));
        Staff who = whoMay(Cases.Step.MERGE, matter);
        var _ = house().merging().merge(who, matter.id(), matter.version(), into.code());
      }
      case Deed.Published(String category, String text, int news, int end) -> {
        Territory place = territory(community(step.who()));
        Instant at = clock.instant();
        var plan =
            new KnownMatter.Plan(
                place.id(),
                category,
                text,
                null,
                at.plus(Duration.ofMinutes(news)),
                at.plus(Duration.ofMinutes(end)));
        var _ = house().publishing().publish(deputy(step.who()), HERE, plan, List.of());
      }
      case Deed.TakenDown taken -> cases.put(step.matter(), takeDown(step, taken));
      case Deed.RuleSet(var rule, var mode, String reason) -> {
        Staff who = doors.community().staff().byCode(Town.ZHANG.code()).orElseThrow();
        int version = house().loopRules().current(rule).version();
        house().loopRules().set(who, HERE, rule, mode, version, reason);
      }
      case Deed.Acknowledged _ -> {
        Staff deputy = deputy(step.who());
        doors.casework().alarms().openFor(deputy).stream()
            .findFirst()
            .ifPresent(alarm -> doors.casework().alarms().acknowledge(deputy, alarm.id()));
      }
      case Deed.Heard(String transcript) -> {
        Staff deputy = deputy(step.who());
        doors.hearings().waitingFor(deputy, null, 1).stream()
            .findFirst()
            .ifPresent(voice -> {
              var _ =
                  doors
                      .hearings()
                      .hear(deputy, List.of(new Hearings.Typed(voice.id(), transcript)));
            });
      }
    }
  }

  /// Who speaks for the first time has scanned the code on the door before.
  private void arrive(Town.Resident who, Phone phone) {
    if (address(who).isPresent()) {
      return;
    }
    phone.scan(who.door());
    address(who)
        .ifPresent(address ->
            doors
                .db()
                .withinTransaction(
                    tx -> doors.community().people().call(tx, address.personId(), who.called())));
  }

  private Case report(Case matter, String text) {
    return house().checking().report(handler(matter), matter.id(), matter.version(), text);
  }

  private void finish(Case matter, String text) {
    // After an interruption it may have been said already, or be asked after.
    Case reported = matter.state() == CaseState.HANDLING ? report(matter, text) : matter;
    if (reported.state() == CaseState.INSPECTING) {
      check(reported, true, "去看过，办好了。");
    }
  }

  /// By the first who did not do it.
  private void check(Case matter, boolean passed, String found) {
    boolean begun = matter.staffId() != null;
    Staff who = begun ? handler(matter) : whoMay(Cases.Step.CLAIM, matter);
    Case taken = begun ? matter : claim(who, matter);
    var finding = new Checking.Finding(passed, found, List.of(), "手机没电，没拍成");
    var _ = house().checking().check(who, taken.id(), taken.version(), finding);
  }

  private Case claim(Staff who, Case matter) {
    return house().handling().claim(who, matter.id(), matter.version());
  }

  private void grant(Case matter) {
    TimeRequest asked = requireNonNull(matter.asked());
    switch (asked.what()) {
      case EXTENSION -> {
        Staff who = whoMay(Cases.Step.DECIDE_EXTENSION, matter);
        var _ = house().extending().grant(who, matter.id(), asked.noteId());
      }
      case SUSPENSION -> {
        Staff who = whoMay(Cases.Step.DECIDE_SUSPENSION, matter);
        var _ = house().suspending().grant(who, matter.id(), matter.version(), asked.noteId());
      }
    }
  }

  /// Under the same key it is written down once: after an interruption this finds it.
  private CaseId takeDown(Step step, Deed.TakenDown taken) {
    boolean known = !taken.phone().isEmpty();
    var by =
        new Spoken.Teller(
            known ? step.who().called() : null, known ? taken.phone() : null, null, false);
    var told =
        new Spoken.Told(
            taken.way(),
            taken.text(),
            null,
            territory(step.who().home()).id(),
            taken.category(),
            false,
            null,
            by,
            List.of());
    var key = new Sending("demo-taken-down-%04d".formatted(step.matter()));
    return house().spoken().file(deputy(step.who()), key, told).id();
  }

  private static Requests.Question question(String text) {
    return new Requests.Question(text, true, Requests.Within.DAY);
  }

  private long head(Staff who, Case matter) {
    return house().requests().candidates(who, matter).getFirst().staffId();
  }

  private void handUp(Case matter, String reason) {
    Desk desk = doors.community().desks().byId(matter.deskId());
    Desk above = doors.community().desks().fallbackAbove(desk).orElseThrow();
    var _ =
        doors
            .casework()
            .handovers()
            .handOn(handler(matter), matter.id(), matter.version(), above.id(), reason);
  }

  /// After an interruption: which case the matter became.
  private void recall(Step step) {
    switch (step.deed()) {
      case Deed.Confirms _, Deed.FallsSilent _ ->
          newest(step.who()).ifPresent(id -> cases.put(step.matter(), id));
      case Deed.TakenDown taken -> cases.put(step.matter(), takeDown(step, taken));
      default -> {}
    }
  }

  private Optional<CaseId> newest(Town.Resident who) {
    return address(who)
        .flatMap(address ->
            doors.casework().cases().ofPerson(doors.db(), address.personId(), 1).stream()
                .findFirst())
        .map(Case::id);
  }

  private Optional<Address> address(Town.Resident who) {
    return store
        .addressId(doors.db(), wechat.phone(who.key()).openid())
        .map(id -> doors.community().people().address(doors.db(), id));
  }

  private Case matter(Step step) {
    CaseId id = cases.get(step.matter());
    if (id == null) {
      throw new IllegalStateException("it never became a case");
    }
    return named(id);
  }

  private Case named(CaseId id) {
    return house().cases().named(doors.db(), id).orElseThrow();
  }

  private Casework house() {
    return doors.casework();
  }

  /// The first of its desk, of the community's and of those above who may do this and do not have
  /// it.
  private Staff whoMay(Cases.Step step, Case matter) {
    Desk own = doors.community().desks().byId(matter.deskId());
    Territory place = doors.community().territories().byId(matter.territoryId());
    List<Desk> desks = new ArrayList<>(List.of(own));
    Optional<Desk> next = Optional.of(doors.community().desks().fallbackFor(place));
    while (next.isPresent()) {
      desks.add(next.get());
      next = doors.community().desks().fallbackAbove(next.get());
    }
    return desks.stream()
        .flatMap(each -> membersOf(each).stream())
        .map(each -> doors.community().staff().byId(each.id()).orElseThrow())
        .filter(each -> !Objects.equals(matter.staffId(), each.id()))
        .filter(each -> house().cases().stepsFor(each, matter).contains(step))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody may " + step + " " + matter.number()));
  }

  /// The nearest around it whose name ends so.
  private Desk desk(Case matter, String name) {
    Territory place = doors.community().territories().byId(matter.territoryId());
    return doors.community().territories().pathOf(place).reversed().stream()
        .flatMap(each -> doors.community().desks().at(each).stream())
        .filter(each -> each.name().endsWith(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no desk " + name));
  }

  private Staff deputy(Town.Resident who) {
    return memberOf(doors.community().desks().fallbackFor(territory(community(who))));
  }

  /// Whoever has it, or somebody at its desk.
  private Staff handler(Case matter) {
    Long holder = matter.staffId();
    return holder == null
        ? memberOf(doors.community().desks().byId(matter.deskId()))
        : doors.community().staff().byId(holder).orElseThrow();
  }

  private Staff memberOf(Desk desk) {
    return doors.community().staff().byId(membersOf(desk).getFirst().id()).orElseThrow();
  }

  /// Who can sign in first.
  private List<StaffMember> membersOf(Desk desk) {
    return doors.community().desks().membersOf(desk).stream()
        .sorted(
            Comparator.comparingInt(
                each -> LOGINS.contains(each.code()) ? LOGINS.indexOf(each.code()) : LOGINS.size()))
        .toList();
  }

  private static String community(Town.Resident who) {
    return who.home().substring(0, Town.QINGYUEYUAN.length());
  }

  private Territory territory(String code) {
    return doors.community().territories().byCode(code).orElseThrow();
  }

  /// The clock must not jump while something is on its way, or due; what has stuck is not waited
  /// for again.
  private void awaitQuiet() {
    awaitQuiet(false);
  }

  /// @param staff whether staff are called meanwhile: as often as the house goes round, since it
  ///   takes as long as all the rest
  private void awaitQuiet(boolean staff) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long ring = System.nanoTime();
    for (long things = Long.MAX_VALUE; things > stuck; ) {
      if (System.nanoTime() >= ring) {
        DUE_WORK.forEach(doors.ticker()::ring);
        ring = System.nanoTime() + RING_AGAIN.toNanos();
      }
      Instant at = clock.instant();
      LocalTime time = LocalTime.ofInstant(at, zone);
      boolean awake = !time.isBefore(MORNING) && time.isBefore(NIGHT);
      things = store.onItsWay(doors.db(), at, awake, staff);
      if (things > stuck && System.nanoTime() > deadline) {
        LOG.warn("{} things are still on their way at {}", things, at);
        stuck = things;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
