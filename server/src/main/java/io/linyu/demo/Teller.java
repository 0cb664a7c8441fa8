package io.linyu.demo;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases;
import io.linyu.casework.Checking;
import io.linyu.community.Address;
import io.linyu.community.Desk;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.Territory;
import io.linyu.demo.Past.Deed;
import io.linyu.demo.Past.Moment;
import io.linyu.demo.Past.Step;
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
    try {
      for (int i = 0; i < past.size(); i++) {
        Step step = past.get(i);
        if (i < from) {
          recall(step);
          continue;
        }
        clock.putTo(at(step.at()));
        if (!happens(step)) {
          lacking.add(step);
        }
        awaitQuiet();
        if (step.deed() instanceof Deed.Claimed) {
          clock.putTo(at(step.at()).plus(CLAIM_IS_TOLD));
          awaitQuiet();
        }
        store.told(doors.db(), i + 1);
        progress.accept(i + 1);
      }
    } finally {
      clock.letRun();
    }
    return lacking;
  }

  /// Working days, back from today.
  private void countDays() {
    Desk desk = doors.community().desks().fallbackFor(territory(Town.QINGYUEYUAN));
    LocalDate day = LocalDate.ofInstant(now, zone);
    days.add(day);
    while (days.size() < 15) {
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
      case Deed.Closed(String text) -> {
        Case matter = matter(step);
        var checking = doors.casework().checking();
        Case reported = checking.report(handler(matter), matter.id(), matter.version(), text);
        if (reported.state() == CaseState.INSPECTING) {
          check(reported);
        }
        awaitQuiet();
        // Solved, content, and somebody was in touch.
        for (int asked = 0; asked < 3; asked++) {
          phone.says("1");
          awaitQuiet();
        }
      }
      case Deed.Acknowledged _ -> {
        Staff deputy =
            memberOf(doors.community().desks().fallbackFor(territory(community(step.who()))));
        doors.casework().alarms().openFor(deputy).stream()
            .findFirst()
            .ifPresent(alarm -> doors.casework().alarms().acknowledge(deputy, alarm.id()));
      }
      case Deed.Heard(String transcript) -> {
        Staff deputy =
            memberOf(doors.community().desks().fallbackFor(territory(community(step.who()))));
        doors.hearings().waitingFor(deputy, null, 1).stream()
            .findFirst()
            .ifPresent(voice ->
                doors.hearings().hear(deputy, List.of(new Hearings.Typed(voice.id(), transcript))));
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

  /// By the first who did not do it.
  private void check(Case matter) {
    var casework = doors.casework();
    Desk desk = doors.community().desks().byId(matter.deskId());
    for (StaffMember each : doors.community().desks().membersOf(desk)) {
      Staff who = doors.community().staff().byId(each.id()).orElseThrow();
      if (casework.cases().stepsFor(who, matter).contains(Cases.Step.CLAIM)) {
        Case taken = casework.handling().claim(who, matter.id(), matter.version());
        var _ =
            casework
                .checking()
                .check(
                    who,
                    taken.id(),
                    taken.version(),
                    new Checking.Finding(true, "去看过，办好了。", List.of(), "手机没电，没拍成"));
        return;
      }
    }
    throw new IllegalStateException("nobody may check " + matter.number());
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
    if (step.deed() instanceof Deed.Confirms) {
      newest(step.who()).ifPresent(id -> cases.put(step.matter(), id));
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
    return doors.casework().cases().named(doors.db(), id).orElseThrow();
  }

  /// Whoever has it, or somebody at its desk.
  private Staff handler(Case matter) {
    Long holder = matter.staffId();
    return holder == null
        ? memberOf(doors.community().desks().byId(matter.deskId()))
        : doors.community().staff().byId(holder).orElseThrow();
  }

  private Staff memberOf(Desk desk) {
    List<StaffMember> members = doors.community().desks().membersOf(desk);
    StaffMember chosen =
        members.stream()
            .filter(each -> LOGINS.contains(each.code()))
            .min(Comparator.comparingInt(each -> LOGINS.indexOf(each.code())))
            .orElseGet(members::getFirst);
    return doors.community().staff().byId(chosen.id()).orElseThrow();
  }

  private static String community(Town.Resident who) {
    return who.home().substring(0, Town.QINGYUEYUAN.length());
  }

  private Territory territory(String code) {
    return doors.community().territories().byCode(code).orElseThrow();
  }

  /// The clock must not jump while something is on its way; what has stuck is not waited for again.
  private void awaitQuiet() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long things = Long.MAX_VALUE; things > stuck; ) {
      things = store.onItsWay(doors.db(), clock.instant());
      if (things > stuck && System.nanoTime() > deadline) {
        LOG.warn("{} things are still on their way at {}", things, clock.instant());
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
