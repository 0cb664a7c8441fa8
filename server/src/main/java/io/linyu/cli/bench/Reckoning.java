package io.linyu.cli.bench;

import io.linyu.casework.CaseEvent;
import io.linyu.platform.db.Db;
import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts afterwards what the phones know against what the database knows.
final class Reckoning {
  /// The bot's words for a case that was registered, and its number.
  private static final Pattern REGISTERED = Pattern.compile("记好了，编号([^，]+)，");

  private static final Pattern MARK = Pattern.compile("〔\\d+〕");

  /// A redelivered push among so many of the newest of each phone.
  private static final int ASKED_AGAIN = 10;

  private final Ground ground;
  private final Crowd crowd;
  private final Findings findings;
  private final KillStore store = new KillStore();
  private final Map<Long, List<Attempt>> later = new ConcurrentHashMap<>();

  private record Key(String openid, String externalId) {}

  Reckoning(Ground ground, Crowd crowd, Findings findings) {
    this.ground = ground;
    this.crowd = crowd;
    this.findings = findings;
  }

  /// The platform delivers once more what was acknowledged: all that took more than one attempt,
  /// and the newest.
  void askAgain() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      crowd.phones().forEach(phone -> threads.execute(() -> askAgain(phone)));
    }
    findings.figure("asked-again", later.values().stream().mapToInt(List::size).sum());
  }

  private void askAgain(Phone phone) {
    List<Line.Said> all = crowd.acknowledged(phone);
    for (int i = 0; i < all.size(); i++) {
      Line.Said said = all.get(i);
      if (said.attempts().size() > 1 || i >= all.size() - ASKED_AGAIN) {
        later
            .computeIfAbsent(said.messageId(), _ -> new CopyOnWriteArrayList<>())
            .add(phone.again(said));
      }
    }
  }

  /// @param inFlight how many sends can have been under way at the kills
  void reckon(int inFlight) {
    Db db = ground.db();
    Map<Key, KillStore.Receipt> receipts =
        store.receipts(db).stream()
            .collect(
                Collectors.toMap(
                    each -> new Key(each.openid(), each.externalId()), Function.identity()));
    receipts(receipts);
    findings.promise("messages", receipts.size(), store.unequalMessages(db));
    replies(receipts);
    cases(receipts, store.matters(db));
    List<KillStore.Sent> sent = store.sent(db);
    findings.promise("sendings", sent.size(), store.unequalSendings(db));
    findings.promise("chains", store.chains(db), ground.events().broken(CaseEvent.VOCABULARY));
    answers();
    deliveries(sent);
    ends(sent, inFlight);
    findings.promise("broken", crowd.phones().size(), crowd.broken());
  }

  private void receipts(Map<Key, KillStore.Receipt> receipts) {
    var breaches = new ArrayList<String>();
    var pushed = new TreeSet<String>();
    long acknowledged = 0;
    for (Phone phone : crowd.phones()) {
      for (Line.Said said : phone.said()) {
        pushed.add(phone.openid() + " " + externalId(said));
      }
      for (Line.Said said : crowd.acknowledged(phone)) {
        acknowledged++;
        KillStore.Receipt receipt = receipts.get(key(phone, said));
        if (receipt == null) {
          breaches.add("acknowledged and lost: " + phone.name() + " " + said);
        } else if (receipt.times() != 1) {
          breaches.add("received " + receipt.times() + " times: " + phone.name() + " " + said);
        }
      }
    }
    receipts.keySet().stream()
        .filter(each -> !pushed.contains(each.openid() + " " + each.externalId()))
        .forEach(each -> breaches.add("nobody said " + each));
    findings.promise("receipts", acknowledged, breaches);
  }

  private void replies(Map<Key, KillStore.Receipt> receipts) {
    var breaches = new ArrayList<String>();
    long compared = 0;
    for (Phone phone : crowd.phones()) {
      for (Line.Said said : crowd.acknowledged(phone)) {
        KillStore.Receipt receipt = receipts.get(key(phone, said));
        if (receipt == null) {
          continue; // told already
        }
        String kept = Objects.requireNonNullElse(receipt.reply(), "");
        for (Attempt each : taken(said)) {
          compared++;
          String heard = each.reply() == null ? "" : each.reply().text();
          if (!heard.equals(kept)) {
            breaches.add(
                "%s %d: heard %s, kept %s".formatted(phone.name(), said.messageId(), heard, kept));
          }
        }
      }
    }
    findings.promise("replies", compared, breaches);
  }

  private List<Attempt> taken(Line.Said said) {
    return Stream.concat(
            said.attempts().stream(), later.getOrDefault(said.messageId(), List.of()).stream())
        .filter(Crowd::isTaken)
        .toList();
  }

  private void cases(Map<Key, KillStore.Receipt> receipts, List<KillStore.Matter> matters) {
    var breaches = new ArrayList<String>();
    Map<String, List<String>> registered = new HashMap<>();
    receipts.forEach((key, receipt) ->
        number(receipt.reply())
            .ifPresent(number ->
                registered.computeIfAbsent(key.openid(), _ -> new ArrayList<>()).add(number)));
    Map<String, List<KillStore.Matter>> opened =
        matters.stream().collect(Collectors.groupingBy(KillStore.Matter::openid));
    for (Phone phone : crowd.phones()) {
      List<String> promised = sorted(registered.getOrDefault(phone.openid(), List.of()));
      List<String> there =
          sorted(
              opened.getOrDefault(phone.openid(), List.of()).stream()
                  .map(KillStore.Matter::number)
                  .toList());
      if (!promised.equals(there)) {
        breaches.add("%s: registered %s, opened %s".formatted(phone.name(), promised, there));
      }
      heard(phone, promised, breaches);
    }
    for (KillStore.Matter each : matters) {
      if (each.drafted() != 1 || each.opened() != 1) {
        breaches.add(
            "%s has %d drafted and %d opened"
                .formatted(each.number(), each.drafted(), each.opened()));
      }
    }
    findings.promise("cases", matters.size(), breaches);
    holdings(matters);
  }

  /// What the phone was told in answer, each once.
  private void heard(Phone phone, List<String> promised, List<String> breaches) {
    List<String> acknowledged =
        sorted(
            crowd.acknowledged(phone).stream()
                .flatMap(said -> taken(said).stream().limit(1))
                .flatMap(each -> number(each.reply() == null ? null : each.reply().text()).stream())
                .toList());
    List<String> heard =
        sorted(phone.heard().stream().flatMap(line -> number(line.text()).stream()).toList());
    if (Set.copyOf(heard).size() != heard.size()) {
      breaches.add("%s heard twice: %s".formatted(phone.name(), heard));
    }
    if (!heard.containsAll(acknowledged) || !promised.containsAll(heard)) {
      breaches.add(
          "%s: heard %s, acknowledged %s, registered %s"
              .formatted(phone.name(), heard, acknowledged, promised));
    }
  }

  private void holdings(List<KillStore.Matter> matters) {
    var breaches = new ArrayList<String>();
    long overlapping = store.overlappingHoldings(ground.db());
    if (overlapping > 0) {
      breaches.add(overlapping + " overlap");
    }
    for (KillStore.Matter each : matters) {
      if (each.held() != (each.open() ? 1 : 0)) {
        breaches.add(
            "%s is %s and held by %d"
                .formatted(each.number(), each.open() ? "open" : "closed", each.held()));
      }
    }
    findings.promise("holdings", matters.size(), breaches);
  }

  private void answers() {
    var breaches = new ArrayList<String>();
    List<KillStore.Answer> answers = store.answers(ground.db());
    Map<String, List<String>> arrived = new HashMap<>();
    for (Phone phone : crowd.phones()) {
      for (Line.Heard line : phone.heard()) {
        MARK.matcher(line.text())
            .results()
            .forEach(mark ->
                arrived.computeIfAbsent(mark.group(), _ -> new ArrayList<>()).add(phone.openid()));
      }
    }
    for (KillStore.Answer each : answers) {
      Matcher mark = MARK.matcher(each.text());
      List<String> at = mark.find() ? arrived.getOrDefault(mark.group(), List.of()) : List.of();
      if (each.tellings() != 1) {
        breaches.add("%s is told %d times".formatted(each.text(), each.tellings()));
      }
      if (at.size() > 1 || !Set.of(each.openid()).containsAll(at)) {
        breaches.add("%s for %s arrived at %s".formatted(each.text(), each.openid(), at));
      }
    }
    findings.promise("answers", answers.size(), breaches);
  }

  /// The same words may be sent twice to one person, so they are counted.
  private void deliveries(List<KillStore.Sent> sent) {
    var breaches = new ArrayList<String>();
    Map<Key, Long> delivered = counted(sent, "delivered");
    Map<Key, Long> unknown = counted(sent, "unknown");
    Map<Key, Long> arrived = new HashMap<>();
    for (Phone phone : crowd.phones()) {
      phone.heard().stream()
          .filter(line -> line.way() == Line.Way.CUSTOMER_SERVICE)
          .forEach(line -> arrived.merge(new Key(phone.openid(), line.text()), 1L, Long::sum));
    }
    Stream.of(delivered, arrived)
        .flatMap(each -> each.keySet().stream())
        .distinct()
        .forEach(each -> {
          long least = delivered.getOrDefault(each, 0L);
          long most = least + unknown.getOrDefault(each, 0L);
          long came = arrived.getOrDefault(each, 0L);
          if (came < least || came > most) {
            breaches.add("%s: %d to %d sent, %d arrived".formatted(each, least, most, came));
          }
        });
    findings.promise(
        "deliveries", delivered.values().stream().mapToLong(Long::longValue).sum(), breaches);
  }

  private static Map<Key, Long> counted(List<KillStore.Sent> sent, String state) {
    return sent.stream()
        .filter(each -> each.state().equals(state) && "customer_service".equals(each.way()))
        .collect(
            Collectors.groupingBy(
                each -> new Key(each.openid(), each.text()), Collectors.counting()));
  }

  private void ends(List<KillStore.Sent> sent, int inFlight) {
    Map<String, Long> states =
        sent.stream().collect(Collectors.groupingBy(KillStore.Sent::state, Collectors.counting()));
    findings.figure("states", states);
    long unknown = states.getOrDefault("unknown", 0L);
    findings.promise(
        "unknown",
        unknown,
        unknown > inFlight ? List.of(unknown + " unknown, " + inFlight + " in flight") : List.of());
    long unended = states.getOrDefault("sending", 0L) + states.getOrDefault("queued", 0L);
    findings.promise(
        "ended", sent.size(), unended > 0 ? List.of(unended + " never ended") : List.of());
  }

  private static java.util.Optional<String> number(@Nullable String reply) {
    Matcher found = REGISTERED.matcher(reply == null ? "" : reply);
    return found.find() ? java.util.Optional.of(found.group(1)) : java.util.Optional.empty();
  }

  private static List<String> sorted(List<String> list) {
    return list.stream().sorted().toList();
  }

  private static Key key(Phone phone, Line.Said said) {
    return new Key(phone.openid(), externalId(said));
  }

  /// As the adapter names it: events have no id of their own.
  private static String externalId(Line.Said said) {
    return said.type().equals("subscribe")
        ? said.at().getEpochSecond() + ":subscribe:qrscene_" + said.text()
        : Long.toString(said.messageId());
  }
}
