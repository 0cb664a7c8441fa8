package io.linyu.channel.wechat;

import io.linyu.channel.Channel.Media;
import io.linyu.channel.Trouble;
import java.util.List;

/// What we ask of the platform for one account. The calls block, belong on a virtual thread, and
/// fail with a [io.linyu.channel.ChannelError].
interface WechatGateway {
  /// A customer-service message. The platform takes no key for it, so it is asked once only.
  void sendText(String openId, String text);

  /// What a person sent, for three days.
  Media media(String mediaId);

  /// What a person recorded in a page of ours, in speex at 16 kHz.
  Media recording(String mediaId);

  /// What somebody should know of this account.
  ///
  /// @param account its name in the settings
  List<Trouble> troubles(String account);
}
