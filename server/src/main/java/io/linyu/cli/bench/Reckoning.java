package io.linyu.cli.bench;

import io.linyu.casework.CaseEvent;
import io.linyu.cli.bench.Observed.Resident;
import io.linyu.platform.db.Sql;
import io.linyu.platform.events.Events;
import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Reply;
import io.linyu.simulator.wechat.Sending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts what is known outside against what the database knows.
final class Reckoning {
  /// The bot's words for a case that was registered, and its number.
  private static final Pattern REGISTERED = Pattern.compile("记好了，编号([^，]+)，");

  /// The bot's words when it has read back what it understood, and waits for a yes.
  private static final String READ_BACK = "半小时后我也交给社区";

  private static final Pattern MARK = Pattern.compile("〔\\d+〕");

  private final Sql sql;
  private final Observed observed;
  private final Findings findings;
  private final KillStore store = new KillStore();

  /// @param what a message's id, or its text
  private record Key(String openid, String what) {}

  Reckoning(Sql sql, Observed observed, Findings findings) {
    this.sql = sql;
    this.observed = observed;
    this.findings = findings;
  }

  void reckon() {
    Map<Key, List<KillStore.Receipt>> receipts =
        store.receipts(sql).stream()
            .collect(Collectors.groupingBy(each -> new Key(each.openid(), each.externalId())));
    receipts(receipts);
    findings.promise("messages", receipts.size(), store.unequalMessages(sql));
    replies(receipts);
    List<KillStore.Matter> matters = store.matters(sql);
    cases(receipts, matters);
    holdings(matters);
    forms(matters);
    findings.promise("chains", store.chains(sql), Events.broken(sql, CaseEvent.VOCABULARY));
    List<KillStore.Sent> sent = store.sent(sql);
    findings.promise("sendings", sent.size(), store.unequalSendings(sql));
    answers();
    deliveries(sent);
    unknown(sent);
    ended(sent);
  }

  private void receipts(Map<Key, List<KillStore.Receipt>> receipts) {
    var breaches = new ArrayList<String>();
    var pushed = new HashSet<Key>();
    long acknowledged = 0;
    for (Resident resident : observed.residents()) {
      resident.said().forEach(said -> pushed.add(key(resident, said)));
      for (Line.Said said : resident.acknowledged()) {
        acknowledged++;
        int times = receipts.getOrDefault(key(resident, said), List.of()).size();
        if (times == 0) {
          breaches.add("acknowledged and lost: " + resident.name() + " " + said);
        } else if (times > 1) {
          breaches.add("received " + times + " times: " + resident.name() + " " + said);
        }
      }
    }
    receipts.keySet().stream()
        .filter(each -> !pushed.contains(each))
        .forEach(each -> breaches.add("nobody said " + each));
    findings.promise("receipts", acknowledged, breaches);
  }

  private void replies(Map<Key, List<KillStore.Receipt>> receipts) {
    var breaches = new ArrayList<String>();
    long compared = 0;
    for (Resident resident : observed.residents()) {
      for (Line.Said said : resident.acknowledged()) {
        for (KillStore.Receipt receipt : receipts.getOrDefault(key(resident, said), List.of())) {
          String kept = Objects.requireNonNullElse(receipt.reply(), "");
          Set<String> answers =
              taken(said).stream()
                  .flatMap(each -> Stream.ofNullable(each.reply()))
                  .map(Reply::xml)
                  .collect(Collectors.toSet());
          if (answers.size() > 1) {
            breaches.add("%s %d: %s".formatted(resident.name(), said.messageId(), answers));
          }
          for (Attempt each : taken(said)) {
            compared++;
            String heard = each.reply() == null ? "" : each.reply().text();
            if (!heard.equals(kept)) {
              breaches.add(
                  "%s %d: heard %s, kept %s"
                      .formatted(resident.name(), said.messageId(), heard, kept));
            }
          }
        }
      }
    }
    findings.promise("replies", compared, breaches);
  }

  private static List<Attempt> taken(Line.Said said) {
    return said.attempts().stream().filter(Observed::isTaken).toList();
  }

  /// What residents confirmed is there as they were told. What they left open is counted among the
  /// forms.
  private void cases(Map<Key, List<KillStore.Receipt>> receipts, List<KillStore.Matter> matters) {
    var breaches = new ArrayList<String>();
    Map<String, List<String>> registered = new HashMap<>();
    receipts.forEach((key, all) ->
        number(all.getFirst().reply())
            .ifPresent(number ->
                registered.computeIfAbsent(key.openid(), _ -> new ArrayList<>()).add(number)));
    for (Resident resident : observed.residents()) {
      List<String> promised = sorted(registered.getOrDefault(resident.openid(), List.of()));
      List<String> there =
          sorted(
              matters.stream()
                  .filter(each -> each.openid().equals(resident.openid()) && each.confirmed())
                  .map(KillStore.Matter::number)
                  .toList());
      if (!promised.equals(there)) {
        breaches.add("%s: registered %s, opened %s".formatted(resident.name(), promised, there));
      }
      heard(resident, promised, breaches);
    }
    for (KillStore.Matter each : matters) {
      if (each.drafted() != 1 || each.opened() != 1) {
        breaches.add(
            "%s has %d drafted and %d opened"
                .formatted(each.number(), each.drafted(), each.opened()));
      }
    }
    findings.promise("cases", matters.size(), breaches);
  }

  /// What they were told in answer, each once.
  private static void heard(Resident resident, List<String> promised, List<String> breaches) {
    List<String> acknowledged =
        sorted(
            resident.acknowledged().stream()
                .flatMap(said -> taken(said).stream().limit(1))
                .flatMap(each -> number(each.reply() == null ? null : each.reply().text()).stream())
                .toList());
    List<String> heard =
        sorted(resident.heard().stream().flatMap(line -> number(line.text()).stream()).toList());
    if (Set.copyOf(heard).size() != heard.size()) {
      breaches.add("%s heard twice: %s".formatted(resident.name(), heard));
    }
    if (!heard.containsAll(acknowledged) || !promised.containsAll(heard)) {
      breaches.add(
          "%s: heard %s, acknowledged %s, registered %s"
              .formatted(resident.name(), heard, acknowledged, promised));
    }
  }

  /// Who was asked for a yes as the last thing and fell silent has a case all the same. One matter
  /// that is left for another is filed unconfirmed, too; none is filed twice.
  private void forms(List<KillStore.Matter> matters) {
    List<String> breaches = new ArrayList<>(store.openForms(sql));
    Map<String, Map<String, Long>> filed =
        matters.stream()
            .filter(each -> !each.confirmed())
            .collect(
                Collectors.groupingBy(
                    KillStore.Matter::openid,
                    Collectors.groupingBy(KillStore.Matter::what, Collectors.counting())));
    long silent = 0;
    for (Resident resident : observed.residents()) {
      boolean left =
          !resident.said().isEmpty()
              && taken(resident.said().getLast()).stream()
                  .anyMatch(
                      each -> each.reply() != null && each.reply().text().contains(READ_BACK));
      long times =
          filed.getOrDefault(resident.openid(), Map.of()).values().stream()
              .mapToLong(Long::longValue)
              .max()
              .orElse(0);
      silent += left ? 1 : 0;
      if (times > 1 || (left && times == 0)) {
        breaches.add("%s fell silent, filed %d times".formatted(resident.name(), times));
      }
    }
    findings.promise("forms", silent, breaches);
  }

  private void holdings(List<KillStore.Matter> matters) {
    var breaches = new ArrayList<String>();
    long overlapping = store.overlappingHoldings(sql);
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
    List<KillStore.Answer> answers = store.answers(sql);
    Map<String, List<String>> arrived = new HashMap<>();
    for (Resident resident : observed.residents()) {
      for (Line.Heard line : resident.heard()) {
        MARK.matcher(line.text())
            .results()
            .forEach(mark ->
                arrived
                    .computeIfAbsent(mark.group(), _ -> new ArrayList<>())
                    .add(resident.openid()));
      }
    }
    for (KillStore.Answer each : answers) {
      Matcher mark = MARK.matcher(each.text());
      List<String> at = mark.find() ? arrived.getOrDefault(mark.group(), List.of()) : List.of();
      if (each.tellings() != (each.told() ? 1 : 0)) {
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
    for (Resident resident : observed.residents()) {
      resident.heard().stream()
          .filter(line -> line.way() == Line.Way.CUSTOMER_SERVICE)
          .forEach(line -> arrived.merge(new Key(resident.openid(), line.text()), 1L, Long::sum));
    }
    Map<Key, Long> asked =
        observed.sendings().stream()
            .filter(each -> !each.refused())
            .collect(Collectors.groupingBy(Reckoning::key, Collectors.counting()));
    Stream.of(delivered, arrived, asked)
        .flatMap(each -> each.keySet().stream())
        .distinct()
        .forEach(each -> {
          long least = delivered.getOrDefault(each, 0L);
          long most = least + unknown.getOrDefault(each, 0L);
          long came = arrived.getOrDefault(each, 0L);
          long times = asked.getOrDefault(each, 0L);
          if (came < least || came > most || times < came || times > most) {
            breaches.add(
                "%s: %d to %d sent, %d asked for, %d arrived"
                    .formatted(each, least, most, times, came));
          }
        });
    findings.promise(
        "deliveries", delivered.values().stream().mapToLong(Long::longValue).sum(), breaches);
  }

  private static Map<Key, Long> counted(List<KillStore.Sent> sent, String state) {
    return sent.stream()
        .filter(each -> each.state().equals(state) && "customer_service".equals(each.way()))
        .collect(Collectors.groupingBy(Reckoning::key, Collectors.counting()));
  }

  /// Each that ended as unknown was in flight when something was killed: the platform's answer was
  /// not heard or not written down, or the platform was never asked because its sender died first.
  private void unknown(List<KillStore.Sent> sent) {
    var breaches = new ArrayList<String>();
    Map<Key, Long> inDoubt =
        observed.sendings().stream()
            .filter(observed::isInDoubt)
            .collect(Collectors.groupingBy(Reckoning::key, Collectors.counting()));
    Map<Key, List<KillStore.Sent>> unknown =
        sent.stream()
            .filter(each -> each.state().equals("unknown"))
            .collect(Collectors.groupingBy(Reckoning::key));
    unknown.forEach((key, all) -> {
      long unclaimed = all.stream().filter(each -> !observed.claimed().contains(each.id())).count();
      long unexplained = Math.min(unclaimed, all.size() - inDoubt.getOrDefault(key, 0L));
      if (unexplained > 0) {
        breaches.add("%s: %d were not in flight".formatted(key, unexplained));
      }
    });
    long times = unknown.values().stream().mapToLong(List::size).sum();
    findings.promise("unknown", times, breaches);
    findings.promise("shown", times, store.hiddenUnknown(sql));
  }

  private void ended(List<KillStore.Sent> sent) {
    Map<String, Long> states =
        sent.stream().collect(Collectors.groupingBy(KillStore.Sent::state, Collectors.counting()));
    findings.figure("states", states);
    findings.figure("in-flight", observed.underWay());
    findings.figure("unanswered", observed.unanswered());
    long unended = states.getOrDefault("sending", 0L) + states.getOrDefault("queued", 0L);
    findings.promise(
        "ended", sent.size(), unended > 0 ? List.of(unended + " never ended") : List.of());
  }

  private static Optional<String> number(@Nullable String reply) {
    Matcher found = REGISTERED.matcher(reply == null ? "" : reply);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static List<String> sorted(List<String> list) {
    return list.stream().sorted().toList();
  }

  private static Key key(Resident resident, Line.Said said) {
    return new Key(resident.openid(), externalId(said));
  }

  private static Key key(KillStore.Sent sent) {
    return new Key(sent.openid(), sent.text());
  }

  private static Key key(Sending sending) {
    return new Key(sending.openid(), sending.text());
  }

  /// As the adapter names it: events have no id of their own.
  private static String externalId(Line.Said said) {
    return said.type().equals("subscribe")
        ? said.at().getEpochSecond() + ":subscribe:qrscene_" + said.text()
        : Long.toString(said.messageId());
  }
}
