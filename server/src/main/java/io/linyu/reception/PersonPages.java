package io.linyu.reception;

import io.linyu.platform.text.Words;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the templates about one person are given: the card beside a case, and a comparison.
public final class PersonPages {
  private PersonPages() {}

  /// @param id of the element
  /// @param url of this card; what is done is posted below it
  /// @param addresses where the person is reached, the best first
  /// @param phone masked
  /// @param verified who has talked to them on that number, and when; null: nobody
  /// @param acts whether this member of staff may change anything here
  /// @param merges in force, newest first
  /// @param alike persons with the same verified number
  /// @param oob whether it comes beside another answer
  public record Card(
      Words words,
      String csrf,
      String id,
      String url,
      List<Spot> addresses,
      @Nullable String phone,
      @Nullable String verified,
      boolean acts,
      List<Joined> merges,
      List<Found> alike,
      boolean oob) {}

  /// @param mark that they chose it, or that they left; empty: nothing
  public record Spot(String label, String mark) {}

  /// @param told who joined whom, and when
  /// @param reason null: none was given
  public record Joined(long id, String told, @Nullable String reason) {}

  /// A person who may be the same, by one of their cases.
  public record Found(String code, String number, String title, String who) {}

  /// @param sought what was typed; empty: nothing yet
  public record Sought(Words words, String url, String id, String sought, List<Found> found) {}

  /// @param other code of the case by which the other one was found
  public record Compared(
      Words words, String csrf, String url, String other, List<Pair> pairs, String number) {}

  /// One part of what is known of both.
  public record Pair(String name, String here, String there) {
    public boolean same() {
      return here.equals(there);
    }
  }
}
