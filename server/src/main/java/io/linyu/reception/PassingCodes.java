package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Codes to be scanned that are good for a few minutes and say what would else be typed. An account
/// that may have none, or a platform that is away, leaves the typing.
public final class PassingCodes {
  /// In front of a code by which a member of staff shows that a chat is theirs.
  static final String WORK = "work-";

  /// In front of a code by which a resident shows that two addresses are theirs.
  static final String BIND = "bind-";

  /// In front of a code by which a relative may act for somebody.
  static final String CONSENT = "kin-";

  private static final Logger LOG = LoggerFactory.getLogger(PassingCodes.class);

  private final Channels channels;

  public PassingCodes(Channels channels) {
    this.channels = channels;
  }

  /// What a code to be scanned says that binds a member of staff; empty: there is none to be had.
  ///
  /// @param code eight digits
  public Optional<String> toWork(String code, Duration lasts) {
    return of(WORK + code, lasts);
  }

  /// The same for a resident, of the account that they write to where it may have one.
  ///
  /// @param code eight digits, with or without a space
  Optional<String> toBind(String code, AddressKey here, Duration lasts) {
    return channels.of(here).accountsWithScenes().contains(here.account())
        ? of(channels.of(here), here.account(), BIND + code.replace(" ", ""), lasts)
        : of(BIND + code.replace(" ", ""), lasts);
  }

  /// The same for a relative who is to act for somebody.
  ///
  /// @param code eight digits, with or without a space
  Optional<String> toAct(String code, Duration lasts) {
    return of(CONSENT + code.replace(" ", ""), lasts);
  }

  /// What somebody would have said who typed instead of scanning; anything else as it came.
  static Content asTyped(Content content) {
    String scene =
        switch (content) {
          case Content.Scanned(String scanned) -> scanned;
          case Content.Followed(String scanned) -> scanned == null ? "" : scanned;
          default -> "";
        };
    if (scene.matches(CONSENT + "\\d{8}")) {
      return new Content.Text("家人代办 " + scene.substring(CONSENT.length()), null);
    }
    return scene.matches(BIND + "\\d{8}")
        ? new Content.Text("绑定 " + scene.substring(BIND.length()), null)
        : content;
  }

  static boolean isPassing(String scene) {
    return scene.matches("(?:" + BIND + "|" + WORK + "|" + CONSENT + ")\\d{8}");
  }

  private static Optional<String> of(
      Channel channel, String account, String scene, Duration lasts) {
    try {
      return Optional.of(channel.passingSceneUrl(account, scene, lasts));
    } catch (ChannelError no) {
      LOG.info("no passing code of {}: {}", account, no.getMessage());
      return Optional.empty();
    }
  }

  private Optional<String> of(String scene, Duration lasts) {
    return channels.all().stream()
        .flatMap(channel ->
            channel.accountsWithScenes().stream()
                .flatMap(account -> of(channel, account, scene, lasts).stream()))
        .findFirst();
  }
}
