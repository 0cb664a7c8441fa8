package io.linyu.bot;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the bot remembers of one conversation between turns. Kept as JSON by reception, which looks
/// at nothing in it but [#wakeAfter] and [#person]. Parts that a later release adds or drops are
/// simply absent when read: `{}` is a fresh state.
///
/// @param wakeAfter how long the resident may be silent before [Input.Silence] is due; null: for
///   ever
/// @param scripts the version of the scripts under which it was written
/// @param person whether a person has the conversation; then the bot answers danger only
/// @param form the dialog that is open
/// @param waiting what the outcome of the last act or question is for
/// @param choices what a number stands for in the next message
/// @param misses how often in a row nothing was understood
/// @param alarm the last danger told
/// @param filed the last matter filed
/// @param voice when the last voice was queued to be heard
/// @param asked what this resident was asked once and is not asked again
/// @param before what is to be said first in the next sentence of this turn
/// @param alarms dangers of other kinds that were told lately, oldest first
/// @param joined the known matter that the resident joined last
/// @param stands at which desk's code the resident stood last
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BotState(
    @Nullable Duration wakeAfter,
    @Nullable Integer scripts,
    @Nullable Boolean person,
    @Nullable Form form,
    @Nullable Waiting waiting,
    List<Choice> choices,
    @Nullable Integer misses,
    @Nullable Alarm alarm,
    @Nullable Filed filed,
    @Nullable Instant voice,
    List<String> asked,
    @Nullable String before,
    List<Alarm> alarms,
    @Nullable Joined joined,
    @Nullable Stands stands) {

  @SuppressWarnings("NullAway") // JSON may leave the lists out
  public BotState {
    choices = Objects.requireNonNullElse(choices, List.of());
    asked = Objects.requireNonNullElse(asked, List.of());
    alarms = Objects.requireNonNullElse(alarms, List.of());
  }

  /// An open dialog.
  ///
  /// @param first the message it began with
  /// @param asking the slot that was asked last, [#CONFIRM], [#KNOWN], or null when nothing was
  ///   asked yet
  /// @param tries how often in a row the answer did not fit
  /// @param messages what belongs to it
  /// @param voice whether any of it was heard by a machine or typed by a listener
  /// @param others the known matters that it is not
  /// @param acting for whom it is told; null: for themselves
  /// @param shown what they read last of a known matter; null: nothing
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Form(
      String dialog,
      long first,
      Map<String, Slot> slots,
      @Nullable String asking,
      @Nullable Integer tries,
      List<Long> messages,
      @Nullable Boolean voice,
      List<Long> others,
      @Nullable Acting acting,
      @Nullable Shown shown) {
    static final String CONFIRM = "?";

    /// Whether it is a matter that is known.
    static final String KNOWN = "=";

    @SuppressWarnings("NullAway")
    Form {
      slots = Objects.requireNonNullElse(slots, Map.of());
      messages = Objects.requireNonNullElse(messages, List.of());
      others = Objects.requireNonNullElse(others, List.of());
    }
  }

  /// What stood in the question whether it is a matter that is known.
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Shown(long matter, int version) {}

  /// A filled slot.
  ///
  /// @param territory the place that was recognised
  /// @param messages the pictures
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Slot(String text, @Nullable Long territory, List<Long> messages) {
    @SuppressWarnings("NullAway")
    Slot {
      text = Objects.requireNonNullElse(text, "");
      messages = Objects.requireNonNullElse(messages, List.of());
    }

    static Slot of(String text) {
      return new Slot(text, null, List.of());
    }
  }

  /// @param what which step goes on with the outcome
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Waiting(String what, @Nullable String text, @Nullable String kind) {}

  /// @param what `place`, `home`, or the way of a suggestion
  /// @param said what a suggestion was made from, in `message`
  /// @param acting of a choice among those one may act for
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Choice(
      String what,
      @Nullable String text,
      @Nullable Long territory,
      @Nullable String said,
      @Nullable Long message,
      @Nullable Acting acting) {
    Choice(
        String what,
        @Nullable String text,
        @Nullable Long territory,
        @Nullable String said,
        @Nullable Long message) {
      this(what, text, territory, said, message, null);
    }

    static Choice of(String what, String text, long territory) {
      return new Choice(what, text, territory, null, null);
    }
  }

  /// For whom somebody speaks.
  ///
  /// @param consent by which they may
  /// @param who as they know them
  /// @param place where that person lives, as one says it; null: it is not known
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Acting(long consent, String who, @Nullable String place, @Nullable Long territory) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Alarm(String kind, long first, Instant at) {}

  /// @param consent by which it was told for somebody else; null: it is their own
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Filed(String number, Instant at, @Nullable Long consent) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Joined(long matter, String number, @Nullable Long consent) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Stands(long desk, Instant since) {}

  public static BotState fresh() {
    return new BotState(
        null, null, null, null, null, List.of(), null, null, null, null, List.of(), null, List.of(),
        null, null);
  }

  /// Whether the next word answers nothing that was asked.
  public boolean asksNothing() {
    return form == null && waiting == null && choices.isEmpty();
  }

  /// Whether danger to life was told at this very moment.
  public boolean alarmed(Instant now) {
    return alarm != null && alarm.at().equals(now);
  }

  /// As it is after a member of staff took the conversation.
  public BotState takenByPerson() {
    return new BotState(
        wakeAfter, scripts, true, form, null, List.of(), null, alarm, filed, voice, asked, null,
        alarms, joined, stands);
  }

  /// The same, and this turn goes on, but no person has the conversation any more.
  public BotState withBot() {
    return new BotState(
        wakeAfter, scripts, null, form, waiting, choices, misses, alarm, filed, voice, asked,
        before, alarms, joined, stands);
  }

  /// Whoever is not asked anything else is asked whether this is solved: a number answers it in the
  /// next message.
  public BotState askedWhetherSolved(String number) {
    return asksNothing()
        ? new BotState(
            wakeAfter,
            scripts,
            person,
            null,
            null,
            Rating.solved(number),
            misses,
            alarm,
            filed,
            voice,
            asked,
            before,
            alarms,
            joined,
            stands)
        : this;
  }

  /// As it is after a member of staff gave the conversation back.
  public BotState givenBack() {
    return new BotState(
        wakeAfter, scripts, null, form, null, List.of(), null, alarm, filed, voice, asked, null,
        alarms, joined, stands);
  }
}
