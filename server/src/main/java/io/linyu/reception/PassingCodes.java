package io.linyu.reception;

import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Codes to be scanned that are good for a few minutes and say what would else be typed. An account
/// that may have none, or a platform that is away, leaves the typing.
public final class PassingCodes {
  /// In front of a code by which a member of staff shows that a chat is theirs.
  static final String WORK = "work-";

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

  private Optional<String> of(String scene, Duration lasts) {
    for (Channel channel : channels.all()) {
      for (String account : channel.accountsWithScenes()) {
        try {
          return Optional.of(channel.passingSceneUrl(account, scene, lasts));
        } catch (ChannelError no) {
          LOG.info("no passing code of {}: {}", account, no.getMessage());
        }
      }
    }
    return Optional.empty();
  }
}
