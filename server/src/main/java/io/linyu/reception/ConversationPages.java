package io.linyu.reception;

import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the templates of conversations are given.
public final class ConversationPages {
  private ConversationPages() {}

  /// @param signals the live signals after which it is to be asked for again
  /// @param earlier where the page before this one is; null: there is none
  /// @param byPerson a person has the conversation, not the bot
  /// @param handBack where it is given back to the bot; null when the bot has it
  public record Talk(
      Words words,
      String csrf,
      String url,
      List<String> signals,
      @Nullable String earlier,
      List<Bubble> bubbles,
      boolean byPerson,
      @Nullable String handBack) {
    /// As htmx wants it.
    public String triggers() {
      return Stream.concat(signals.stream(), Stream.of("again"))
          .map(each -> "live:" + each + " from:body delay:300ms")
          .collect(Collectors.joining(", "));
    }
  }

  /// @param by `resident`, `bot`, `staff`, `system`
  /// @param name of the member of staff, or what the resident is called
  /// @param way by which it came or went, when the person has several, or it came by none of them
  ///   but on the page of the matter; null: they have one
  /// @param sending how far it got, when it went out by itself: a key under `sending.`
  /// @param reason why it failed or waits, for those who look closely
  /// @param because the same in a sentence, where it is about the person and it failed
  public record Bubble(
      long id,
      String by,
      String name,
      @Nullable String way,
      String at,
      String exactAt,
      @Nullable String text,
      @Nullable Attachment attachment,
      @Nullable String transcript,
      @Nullable String sending,
      @Nullable String reason,
      @Nullable String because) {}

  /// @param kind `image`, `voice`, `video`, `file`
  /// @param state `waiting`, `fetched`, `failed`
  /// @param name of the file, where it has one
  /// @param size as people say it; null: it is not there yet
  public record Attachment(
      String kind,
      String state,
      String url,
      @Nullable String reason,
      @Nullable String name,
      @Nullable String size) {}

  /// How an answer would go.
  ///
  /// @param left how many messages the window still takes
  /// @param way the rung by which it will go, or `closed`
  /// @param to the address, when the person has several; null: they have one
  /// @param why it is this one
  public record WayView(
      Words words,
      String way,
      boolean open,
      int left,
      int of,
      String until,
      @Nullable String to,
      String why) {}

  /// @param said oldest first
  public record LatestWords(List<String> said) {}

  /// @param left how many characters may still be written
  /// @param onPage what is not sent into the chat but is on the page of the matter; empty: nothing
  /// @param window how many messages the window takes
  public record PartsView(Words words, int parts, int left, String onPage, int window) {
    public boolean isNearlyFull() {
      return left < 200;
    }
  }

  /// The voices to be heard, the most urgent first.
  public record VoicesPage(Frame frame, List<Voices> bursts) {
    /// The one that came last, so that the page can ask for those after it.
    public long newest() {
      return bursts.stream()
          .flatMap(burst -> burst.voices().stream())
          .mapToLong(Voice::id)
          .max()
          .orElse(0);
    }
  }

  /// @param count how many came that the page does not show yet
  public record VoicesNews(Words words, int count) {}

  /// What one resident said in one.
  ///
  /// @param id of the first
  /// @param over whether its time is over
  /// @param asked what this answers; null: nothing
  /// @param why a key under `voices.`: what becomes of it when it is written down
  /// @param voices in the order in which they were said
  public record Voices(
      long id,
      String called,
      String place,
      String said,
      String due,
      boolean over,
      @Nullable Asked asked,
      String why,
      List<Voice> voices) {}

  /// @param page of the case
  /// @param question what the head was asked
  public record Asked(String page, String question) {}

  /// What a head has said to a request and nobody has written down yet, as a part of the page of
  /// its case.
  ///
  /// @param writes whether this member of staff may do so
  /// @param here where the page of the case is
  public record AnswersPage(
      Words words, String form, String again, String here, boolean writes, List<Voices> bursts) {}

  /// @param sound where it can be played; null until it was fetched
  public record Voice(long id, @Nullable String sound, @Nullable String failure) {}
}
