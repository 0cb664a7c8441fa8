package io.linyu.reception;

import io.linyu.platform.http.Visit;
import io.linyu.platform.text.QrCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the template of a resident's addresses is given.
public final class AddressPages {
  private AddressPages() {}

  /// @param inbox the page this one belongs to
  /// @param places where the resident is reached
  /// @param chosen whether answers go to one of them by the resident's choice, not to where they
  ///   spoke last
  /// @param code that was just drawn; null: none
  /// @param qr says the same to whoever scans it; null: there is none to be had
  /// @param found whose code was just typed, and is to be confirmed; null: none was
  /// @param told what was just done or went wrong; null: nothing
  /// @param joined with whom this address was joined last; null: with nobody
  /// @param phone of the body that answers for this person
  public record Mine(
      Visit visit,
      String inbox,
      List<Place> places,
      boolean chosen,
      @Nullable String code,
      @Nullable QrCode qr,
      @Nullable String found,
      @Nullable String told,
      @Nullable String joined,
      @Nullable String phone) {
    public boolean several() {
      return places.size() > 1;
    }
  }

  /// @param here whether the page belongs to it
  public record Place(long id, String label, boolean here, boolean chosen) {}
}
