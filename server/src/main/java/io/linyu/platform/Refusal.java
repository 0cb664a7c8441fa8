package io.linyu.platform;

import java.util.List;

/// A no from the domain: something a person asked for that is not to be had, and why.
///
/// Caught in two places only: the web's failure handler, which answers with the status and the
/// sentence, and reception, which tells the resident.
public class Refusal extends RuntimeException {
  private final String code;
  private final int status;
  private final List<Object> arguments;

  /// @param code names the sentence in the message bundles as `refusal.<code>`
  /// @param status the HTTP status it is answered with, 4xx
  /// @param arguments fill the sentence's places
  public Refusal(String code, int status, Object... arguments) {
    super(code, null, false, false);
    this.code = code;
    this.status = status;
    this.arguments = List.of(arguments);
  }

  public static Refusal notFound() {
    return new Refusal("not-found", 404);
  }

  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  public List<Object> arguments() {
    return arguments;
  }
}
