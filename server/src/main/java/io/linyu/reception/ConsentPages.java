package io.linyu.reception;

import io.linyu.platform.http.Visit;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the templates about 家人代办 are given: the part of a person's card, and the page on which a
/// resident ends one.
public final class ConsentPages {
  private ConsentPages() {}

  /// @param id of the element
  /// @param url what is done is posted here or below
  /// @param acts whether this member of staff may change anything here
  /// @param called what the person is called, to begin with
  /// @param given newest first, over or not
  /// @param taken the same the other way round
  /// @param code that was just drawn; null: none was
  public record Board(
      Words words,
      String csrf,
      String id,
      String url,
      boolean acts,
      String called,
      List<One> given,
      List<One> taken,
      @Nullable Code code) {}

  /// @param who the other of the two, with what they are
  /// @param told how it was given, by whom it was recorded, until when, and its end
  /// @param state `waiting`, `stands` or `over`
  /// @param renews whether it may be given for another year
  public record One(long id, String who, String told, String state, boolean renews) {
    public boolean isOver() {
      return state.equals("over");
    }
  }

  /// @param who is to say it
  /// @param qr to be scanned instead; null: the account may have none
  public record Code(String code, String who, @Nullable QrCode qr) {}

  /// Whether it is really to end.
  ///
  /// @param form must come back with what is sent
  /// @param asks in words
  public record End(Visit visit, String form, String asks, @Nullable String phone) {}
}
