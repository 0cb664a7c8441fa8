package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/// The table of the loop as it was laid down, apart from the code.
final class LoopTable {
  private static final Pattern LETTERS = Pattern.compile("\\b(R|B|G|C|SD|DD|H|K|V|L|X|A)\\b");

  /// What the table says in words instead of letters.
  private static final Map<String, Set<Actor>> IN_WORDS =
      Map.of(
          "or rule", Set.of(Actor.SYSTEM),
          "desk of level", Set.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT),
          "; desk/L", Set.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT),
          "–", Set.of(Actor.values()));

  /// @param to empty: where it began
  record Row(Set<CaseState> from, Set<CaseState> to, Set<Actor> by) {
    Row from(CaseState... others) {
      return new Row(Set.of(others), to, by);
    }

    Row to(CaseState other) {
      return new Row(from, Set.of(other), by);
    }

    Row by(Actor... others) {
      return new Row(from, to, Set.of(others));
    }

    CaseState to(CaseState here, boolean stays) {
      return stays ? here : to.iterator().next();
    }
  }

  /// What could be wrong in it, each by its name. None of them may go unseen.
  enum Mutation {
    A_CHECK_THAT_FAILS_CLOSES("T19", row -> row.to(CaseState.CLOSED)),
    A_CHECK_THAT_PASSES_CLOSES_UNASKED("T20", row -> row.to(CaseState.CLOSED)),
    WHOEVER_DID_IT_CHECKS_IT("T20", row -> row.by(Actor.HANDLER)),
    IT_IS_CLOSED_FROM_THE_DESK("T22", row -> row.from(CaseState.HANDLING)),
    WHAT_IS_NOT_SOLVED_WAITS_FOR_NOBODY("T23", row -> row.to(CaseState.ARCHIVED)),
    WHO_LEADS_BY_A_RULING_HAS_SIGNED_IT("T12", row -> row.to(CaseState.HANDLING)),
    A_RETURN_ENDS_IT("T11", row -> row.to(CaseState.REJECTED)),
    SIGNING_SKIPS_THE_WORK("T10", row -> row.to(CaseState.FEEDBACK)),
    WHAT_IS_CLOSED_STAYS_CLOSED("T26", row -> row.to(CaseState.CLOSED)),
    WHAT_IS_FILED_AWAY_IS_LOST_TO_THE_RESIDENT("T26", row -> row.from(CaseState.CLOSED)),
    WHAT_IS_STILL_ASKED_IS_FILED_AWAY("T25", row -> row.from(CaseState.RETURN_VISIT)),
    WHAT_WAITS_IS_FORGOTTEN("T16", row -> row.to(CaseState.ARCHIVED)),
    WHAT_IS_BEGUN_IS_REJECTED("T07", row -> row.from(CaseState.HANDLING)),
    ASKING_OTHERS_PASSES_IT_ON("T13", row -> row.to(CaseState.DISPATCHED)),
    WHAT_IS_WORKED_ON_IS_PUBLISHED("T34", row -> row.from(CaseState.HANDLING));

    final String id;

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
    private final UnaryOperator<Row> change;

    Mutation(String id, UnaryOperator<Row> change) {
      this.id = id;
      this.change = change;
    }

    Map<String, Row> of(Map<String, Row> table) {
      var mutated = new TreeMap<>(table);
      mutated.computeIfPresent(id, (_, row) -> change.apply(row));
      return mutated;
    }
  }

  /// As it is written in the house's own file.
  static Map<String, Row> written() {
    var table = new TreeMap<String, Row>();
    rows("transitions")
        .forEach(row -> table.put(row.get("id"), new Row(from(row.get("from")), to(row), by(row))));
    return table;
  }

  /// As the code has it.
  static Map<String, Row> coded() {
    var table = new LinkedHashMap<String, Row>();
    for (Transition each : Transition.values()) {
      table.put(each.name(), new Row(each.from(), to(each), each.by()));
    }
    return new TreeMap<>(table);
  }

  private static Set<CaseState> from(String written) {
    return switch (written) {
      case "–" -> EnumSet.noneOf(CaseState.class);
      case "any" -> EnumSet.allOf(CaseState.class);
      case "any ≤ S07" -> EnumSet.range(CaseState.DRAFT, CaseState.FEEDBACK);
      case "S03 level n" -> EnumSet.of(CaseState.FILED);
      default -> {
        String[] ends = written.split("\\.\\.", -1);
        yield EnumSet.range(CaseState.ofCode(ends[0]), CaseState.ofCode(ends[ends.length - 1]));
      }
    };
  }

  private static Set<CaseState> to(Transition transition) {
    return transition.staysPut()
        ? Set.of()
        : EnumSet.allOf(CaseState.class).stream().map(transition::to).collect(toSet());
  }

  private static Set<CaseState> to(CSVRecord row) {
    return switch (row.get("to")) {
      case "", "same" -> Set.of();
      case "n−1" -> Set.of(CaseState.FILED);
      default -> Set.of(CaseState.ofCode(row.get("to").substring(0, 3)));
    };
  }

  private static Set<Actor> by(CSVRecord row) {
    String written = row.get("actor");
    Set<Actor> actors =
        LETTERS
            .matcher(written.replace("reason code", ""))
            .results()
            .map(MatchResult::group)
            .map(letter ->
                Arrays.stream(Actor.values())
                    .filter(actor -> actor.letter().equals(letter))
                    .findFirst()
                    .orElseThrow())
            .collect(toSet());
    IN_WORDS.forEach((words, meant) -> {
      if (written.contains(words)) {
        actors.addAll(meant);
      }
    });
    if (written.equals("desk")) {
      // Data is corrected by whoever has it, and by the desk of the level.
      actors.addAll(Set.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT, Actor.HANDLER));
    }
    return actors;
  }

  static List<CSVRecord> rows(String table) {
    var resource = requireNonNull(LoopTable.class.getResourceAsStream("/loop/" + table + ".csv"));
    try (var reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
      return CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(reader)
          .getRecords();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
