package io.linyu.channel.wechat;

import io.linyu.channel.Ladder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One public account.
///
/// @param token signs the callbacks
/// @param previousToken still accepted while the platform changes over
/// @param aesKey 43 characters, needed in the modes compatible and safe
/// @param apiBase where the platform's interface is, without a slash at the end
/// @param openBase where browsers are told who they are, without a slash at the end
/// @param rights what the platform allows it
/// @param verification what stands between `MP_verify_` and `.txt` in the name of the file that the
///   platform looks for; null: none is wanted of us
public record WechatAccount(
    String appId,
    String secret,
    String token,
    @Nullable String previousToken,
    @Nullable String aesKey,
    @Nullable String previousAesKey,
    Mode mode,
    String apiBase,
    String openBase,
    Rights rights,
    @Nullable String verification) {

  /// What kind of account it is buys what it may do. What it may not is never asked of the
  /// platform, which would only say 48001.
  ///
  /// @param service 服务号; otherwise 订阅号
  /// @param verified 已认证
  /// @param subscription the subscribe notice (订阅通知) in use; null: none
  /// @param template the template message in use; null: none
  public record Rights(
      boolean service,
      boolean verified,
      @Nullable WechatForm subscription,
      @Nullable WechatForm template) {
    /// A verified service account without notices.
    public static final Rights VERIFIED = new Rights(true, true, null, null);

    /// Customer-service messages are for verified accounts, notices for verified service accounts.
    Ladder ladder() {
      boolean notices = service && verified;
      return new Ladder(
          verified,
          notices && subscription != null
              ? new Ladder.Subscription(subscription.id(), subscription.standing())
              : null,
          notices && template != null);
    }

    /// What it is, as a word under `account-kind.`.
    String kind() {
      return (service ? "service" : "subscription") + (verified ? "-verified" : "");
    }

    /// What it may do, as words under `account-right.`.
    List<String> words() {
      Ladder ladder = ladder();
      return Stream.of(
              "replies",
              menu() ? "menu" : "",
              ladder.messages() ? "messages" : "",
              ladder.subscription() != null ? "notice" : "",
              ladder.template() ? "template" : "",
              scenes() ? "scenes" : "",
              verified ? "tags" : "")
          .filter(each -> !each.isEmpty())
          .toList();
    }

    /// Codes with a scene.
    boolean scenes() {
      return service && verified;
    }

    /// To its pages, without being asked for a password.
    boolean signIn() {
      return service && verified;
    }

    /// By the interface; by hand everybody may have one.
    boolean menu() {
      return service || verified;
    }
  }

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
