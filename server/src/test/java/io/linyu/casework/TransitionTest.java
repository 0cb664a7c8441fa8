package io.linyu.casework;

import static io.linyu.casework.CaseState.CLOSED;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/// The table in the code against the table of the loop.
class TransitionTest {
  private static final Pattern LETTERS = Pattern.compile("\\b(R|B|G|C|SD|DD|H|K|V|L|X|A)\\b");

  /// What the table says in words instead of letters.
  private static final Map<String, Set<Actor>> IN_WORDS =
      Map.of(
          "or rule", Set.of(Actor.SYSTEM),
          "desk of level", Set.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT),
          "; desk/L", Set.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT),
          "–", Set.of(Actor.values()));

  @Test
  void statesAreThoseOfTheTable() {
    assertThat(rows("states"))
        .extracting(row -> row.get("code") + " " + row.get("name_en"))
        .containsExactly(
            Arrays.stream(CaseState.values())
                .map(state -> state.code() + " " + state)
                .toArray(String[]::new));
  }

  @Test
  void everyRowIsInTheCodeAndNoOther() {
    List<CSVRecord> rows = rows("transitions");
    assertThat(rows)
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder(
            Arrays.stream(Transition.values()).map(Enum::name).toArray(String[]::new));
    assertThat(rows)
        .allSatisfy(row -> {
          var transition = Transition.valueOf(row.get("id"));
          assertThat(transition.from()).as(row.get("id")).isEqualTo(from(row.get("from")));
          assertThat(transition.by()).as(row.get("id")).isEqualTo(by(row));
          assertThat(to(transition)).as(row.get("id")).isEqualTo(to(row));
        });
  }

  @Test
  void nobodyReachesTheEndPastCheckAndReturnVisit() {
    assertThat(Transition.values())
        .filteredOn(transition -> !transition.staysPut())
        .filteredOn(transition ->
            transition.from().stream().anyMatch(from -> transition.to(from) == CLOSED))
        .containsExactly(Transition.T15b, Transition.T22, Transition.T24);
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

  private static List<CSVRecord> rows(String table) {
    var resource =
        requireNonNull(TransitionTest.class.getResourceAsStream("/loop/" + table + ".csv"));
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
