package io.linyu.channel.wechat;

import org.jspecify.annotations.Nullable;

/// One public account.
///
/// @param token signs the callbacks
/// @param previousToken still accepted while the platform changes over
/// @param aesKey 43 characters, needed in the modes compatible and safe
/// @param apiBase where the platform's interface is, without a slash at the end
public record WechatAccount(
    String appId,
    String secret,
    String token,
    @Nullable String previousToken,
    @Nullable String aesKey,
    @Nullable String previousAesKey,
    Mode mode,
    String apiBase) {

  /// As chosen in the platform's console.
  public enum Mode {
    /// Plain messages are taken, and sealed ones too when there is a key to open them.
    PLAIN,
    /// Each message comes both ways at once. The plain copy is not signed and never read, so one
    /// that comes only plain is refused.
    COMPATIBLE,
    /// Plain messages are refused.
    SAFE
  }

  public WechatAccount {
    if (mode != Mode.PLAIN && aesKey == null) {
      throw new IllegalArgumentException("mode " + mode + " needs an AES key");
    }
  }

  /// Without the secrets, so that no log can show them.
  @Override
  public String toString() {
    return "WechatAccount[" + appId + ", " + mode + "]";
  }
}
