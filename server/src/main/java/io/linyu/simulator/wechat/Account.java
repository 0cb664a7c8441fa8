package io.linyu.simulator.wechat;

import org.jspecify.annotations.Nullable;

/// The public account as its owner entered it in the platform's console.
///
/// @param originalId the `gh_` id that pushes are addressed to
/// @param aesKey 43 characters; needed by every mode but the plain one
public record Account(
    String originalId,
    String appId,
    String secret,
    String token,
    @Nullable String aesKey,
    Mode mode) {

  public enum Mode {
    PLAIN,
    COMPATIBLE,
    SAFE
  }

  public Account {
    if (mode != Mode.PLAIN && (aesKey == null || aesKey.length() != 43)) {
      throw new IllegalArgumentException("mode " + mode + " needs an AES key of 43 characters");
    }
  }

  /// Invented credentials, the same in every demo and test.
  public static Account invented(Mode mode) {
    return new Account(
        "gh_0a1b2c3d4e5f",
        "wx0123456789abcdef",
        "0123456789abcdef0123456789abcdef",
        "linyuSimulatorToken",
        "LinyuSimulatorKey0123456789abcdefghijABCDE1",
        mode);
  }
}
