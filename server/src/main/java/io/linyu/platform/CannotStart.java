package io.linyu.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a command cannot do what it was asked: something on this machine or in the settings that a
/// person must change. Shown as one sentence, without a stack trace.
public final class CannotStart extends RuntimeException {
  private final String code;
  private final List<Object> arguments;

  /// @param code names the sentence in the commands' bundles as `cannot.<code>`
  public CannotStart(String code, Object... arguments) {
    this(null, code, arguments);
  }

  public CannotStart(@Nullable Throwable cause, String code, Object... arguments) {
    super(code + " " + List.of(arguments), cause);
    this.code = code;
    this.arguments = List.of(arguments);
  }

  public String code() {
    return code;
  }

  public List<Object> arguments() {
    return arguments;
  }
}
