package io.linyu.community.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who did something, as far as that is known.
///
/// @param staff the member of staff, when it was one
/// @param address of the device it came from; of a command, `user@machine`
public record Who(Kind kind, @Nullable Long staff, @Nullable String address) {
  public enum Kind {
    STAFF,
    /// Whoever can run commands on the server's machine.
    COMMAND_LINE,
    /// By itself.
    SERVER,
    /// Somebody who has not proved who they are.
    NOBODY;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  public static final Who SERVER = new Who(Kind.SERVER, null, null);

  public static Who staff(long id, String address) {
    return new Who(Kind.STAFF, id, address);
  }

  /// @param from which user of which machine
  public static Who commandLine(String from) {
    return new Who(Kind.COMMAND_LINE, null, from);
  }

  public static Who nobody(String address) {
    return new Who(Kind.NOBODY, null, address);
  }
}
