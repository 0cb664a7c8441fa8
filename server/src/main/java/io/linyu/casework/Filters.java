package io.linyu.casework;

import io.linyu.platform.Refusal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// By what a list of cases is narrowed, as it stands in its address. Empty: by nothing.
///
/// @param state null: as the list has it
/// @param category a code of the catalogue; of a top category all below it
/// @param place the name of a place, as people say it
/// @param holder the name or code of a person, words of the name of a desk, `我` or `没人`
/// @param channel a channel's name
/// @param from the first day: on which it was said, of what is closed, on which it was closed
/// @param to the last day
/// @param late whether only what is past its time
/// @param supervised whether only what somebody who leads supervises
/// @param asking whether only that for which time is asked, and nobody has decided
public record Filters(
    @Nullable State state,
    String category,
    String place,
    String holder,
    @Nullable Urgency urgency,
    @Nullable Boolean confirmed,
    String channel,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    boolean late,
    boolean supervised,
    boolean asking) {
  public static final Filters NONE =
      new Filters(null, "", "", "", null, null, "", null, null, false, false, false);

  /// Words for whoever asks, and for nobody, as they are typed in either language.
  private static final Set<String> ME = Set.of("我", "me");

  private static final Set<String> NOBODY = Set.of("没人", "nobody");

  /// The names under which they stand in an address, in the order in which they are shown.
  public static final List<String> NAMES =
      List.of(
          "state",
          "category",
          "place",
          "holder",
          "urgency",
          "confirmed",
          "channel",
          "from",
          "to",
          "late",
          "supervised",
          "asking");

  private static final int LONGEST = 100;

  /// Whether it is still open.
  public enum State {
    OPEN,
    /// And not filed away.
    CLOSED,
    /// And filed away.
    ARCHIVED,
    /// What is open, followed by what is closed or filed away.
    ANY;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param given what stands in the address under a name; null: nothing
  /// @throws Refusal when something in it is none of what it can be
  public static Filters read(Function<String, @Nullable String> given) {
    Function<String, String> text = name -> text(given.apply(name));
    return new Filters(
        one(text.apply("state"), State.values(), State::word),
        text.apply("category"),
        text.apply("place"),
        text.apply("holder"),
        one(text.apply("urgency"), Urgency.values(), Urgency::word),
        yesOrNo(text.apply("confirmed")),
        text.apply("channel"),
        day(text.apply("from")),
        day(text.apply("to")),
        !text.apply("late").isEmpty(),
        !text.apply("supervised").isEmpty(),
        !text.apply("asking").isEmpty());
  }

  public boolean isNone() {
    return equals(NONE);
  }

  boolean isHeldByMe() {
    return ME.contains(holder);
  }

  boolean isHeldByNobody() {
    return NOBODY.contains(holder);
  }

  /// How many there are.
  public int count() {
    return given().size();
  }

  /// What narrows, by name.
  public Map<String, String> given() {
    var given = new LinkedHashMap<String, String>();
    put(given, "state", state == null ? "" : state.word());
    put(given, "category", category);
    put(given, "place", place);
    put(given, "holder", holder);
    put(given, "urgency", urgency == null ? "" : urgency.word());
    put(given, "confirmed", confirmed == null ? "" : confirmed ? "yes" : "no");
    put(given, "channel", channel);
    put(given, "from", from == null ? "" : from.toString());
    put(given, "to", to == null ? "" : to.toString());
    put(given, "late", late ? "yes" : "");
    put(given, "supervised", supervised ? "yes" : "");
    put(given, "asking", asking ? "yes" : "");
    return given;
  }

  /// For an address, each with an `&` before it.
  public String query() {
    return queryWithout("");
  }

  /// The same without one of them.
  public String queryWithout(String name) {
    return given().entrySet().stream()
        .filter(each -> !each.getKey().equals(name))
        .map(each -> "&" + each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining());
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static void put(Map<String, String> given, String name, String value) {
    if (!value.isEmpty()) {
      given.put(name, value);
    }
  }

  private static String text(@Nullable String typed) {
    String text = typed == null ? "" : typed.strip();
    if (text.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    return text;
  }

  private static <E> @Nullable E one(String typed, E[] all, Function<E, String> word) {
    if (typed.isEmpty()) {
      return null;
    }
    return Arrays.stream(all)
        .filter(each -> word.apply(each).equals(typed))
        .findFirst()
        .orElseThrow(() -> new Refusal("page-unknown", 422));
  }

  private static @Nullable Boolean yesOrNo(String typed) {
    return switch (typed) {
      case "" -> null;
      case "yes" -> true;
      case "no" -> false;
      default -> throw new Refusal("page-unknown", 422);
    };
  }

  private static @Nullable LocalDate day(String typed) {
    try {
      return typed.isEmpty() ? null : LocalDate.parse(typed);
    } catch (DateTimeParseException e) {
      throw new Refusal("day-unreadable", 422, typed);
    }
  }
}
