package io.linyu.channel.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.channel.Arrival;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.DayFigures;
import io.linyu.channel.Enclosed;
import io.linyu.channel.Ladder;
import io.linyu.channel.Notice;
import io.linyu.channel.PageKey;
import io.linyu.channel.Standing;
import io.linyu.channel.Tagging;
import io.linyu.channel.Trouble;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What we ask of the platform for one account. The calls block, belong on a virtual thread, and
/// fail with a [io.linyu.channel.ChannelError].
interface WechatGateway {
  /// A customer-service message. The platform takes no key for it, so it is asked once only.
  void sendText(String openId, String text);

  /// A customer-service message of a picture or a voice that was uploaded. The platform takes no
  /// key for it, so it is asked once only.
  void sendMedia(String openId, Enclosed.Kind kind, String mediaId);

  /// Gives the platform a picture, a voice; it keeps it for three days.
  ///
  /// @param anew also when it should have it
  /// @return its media id
  String upload(Enclosed what, boolean anew);

  /// A subscribe notice. The platform takes no key for it, so it is asked once only.
  ///
  /// @return the platform's id of it; null: it gave none
  @Nullable String sendSubscribeNotice(String openId, WechatForm form, Notice notice);

  /// A template message.
  ///
  /// @param key the platform sends it once, however often it is asked with the same
  @Nullable String sendTemplate(String openId, String key, WechatForm form, Notice notice);

  /// Whether the platform has told us lately that this account may not send by that rung.
  boolean isDenied(Ladder.Rung rung);

  /// Whether app id and secret are right and this server may ask.
  void checkToken();

  /// Asks something that changes nothing and that every account may ask, with a token as always.
  void greet();

  /// The content of each subscribe notice of the account, by its id.
  Map<String, String> subscriptionTemplates();

  /// The content of each template message of the account, by its id.
  Map<String, String> templates();

  /// What is published, in lines; empty when nothing is.
  List<String> menu();

  /// The buttons that are published, as the platform has them.
  JsonNode menuJson();

  /// How the account stands.
  ///
  /// @param name in the settings
  Standing standing(String name);

  /// Asks what is allowed in a day of each kind of call that we make.
  void askLimits();

  /// How often a day this call is allowed to the account; null: the platform does not say.
  ///
  /// @param api path of the call, which itself is not made
  /// @throws io.linyu.channel.ChannelError also when the account may not make it at all
  @Nullable Long allowed(String api);

  /// What the platform counted of that day.
  DayFigures figures(LocalDate day);

  void publish(WechatMenu menu);

  Tagging tagging();

  /// What a permanent code with this scene says; 100,000 are all that an account ever has.
  String sceneUrl(String scene);

  /// What a code with this scene says that is good for so long, of which there may be many.
  String passingSceneUrl(String scene, Duration lasts);

  /// Signs a page of ours for the scripts of WeChat.
  ///
  /// @param url as the browser calls it, without what follows `#`
  PageKey pageKey(String url, String template);

  /// Where a browser is sent to be told who it belongs to.
  ///
  /// @param back the page of ours to which it returns
  String signInUrl(String back, String state);

  /// Whose browser came back with this code, which is good for one question.
  Arrival arrival(String code);

  /// What a person sent, for three days.
  Media media(String mediaId);

  /// What a person recorded in a page of ours, in speex at 16 kHz.
  Media recording(String mediaId);

  /// What somebody should know of this account.
  ///
  /// @param account its name in the settings
  List<Trouble> troubles(String account);

  /// Has it tried again what it leaves alone, now that somebody has put it right.
  ///
  /// @param call as the [Trouble] names it
  /// @return whether it was still to be left alone
  boolean resume(String call);
}
