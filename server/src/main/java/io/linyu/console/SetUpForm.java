package io.linyu.console;

import io.linyu.community.Staff;
import io.linyu.platform.auth.Totp;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What shows an authenticator its secret, as a picture, as a link for the phone itself, and as
/// text to type, and asks for a first code.
///
/// @param uri what the picture says
/// @param groups of the secret, four letters each
/// @param action where the code goes
/// @param form proves that the answer comes from this page
/// @param to where to go then
/// @param refused why it did not work, in words
public record SetUpForm(
    Words words,
    QrCode qr,
    String uri,
    List<String> groups,
    String action,
    String form,
    String to,
    @Nullable String refused) {

  static SetUpForm of(
      Words words,
      Staff staff,
      String secret,
      String action,
      String form,
      String to,
      @Nullable String refused) {
    String uri = Totp.uri(words.of("product"), staff.code(), secret);
    return new SetUpForm(
        words,
        QrCode.of(uri),
        uri,
        Arrays.asList(secret.split("(?<=\\G.{4})")),
        action,
        form,
        to,
        refused);
  }
}
