package io.linyu.channel;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One platform and our accounts on it. Its calls block and belong on a virtual thread.
public interface Channel {
  /// Within this every [#send] has ended, whatever the platform does.
  Duration LONGEST_SEND = Duration.ofSeconds(10);

  /// Within this every [#fetch] has ended.
  Duration LONGEST_FETCH = Duration.ofSeconds(50);

  /// Within this every [#upload] has ended.
  Duration LONGEST_UPLOAD = Duration.ofSeconds(40);

  /// Within this every [#probe] has ended.
  Duration LONGEST_PROBE = Duration.ofSeconds(20);

  /// `wechat`, `qq`, `onebot`, `web`.
  String name();

  /// How many messages of our own a person's message or deed allows, and for how long. Null when it
  /// allows none. A newer window replaces an older one unless it is the smaller.
  ///
  /// @param account as the settings name it
  @Nullable Window windowOpenedBy(String account, Content content);

  /// How our account may reach people outside of a reply at this time.
  default Ladder ladder(String account) {
    return Ladder.MESSAGES_ONLY;
  }

  /// What the platform itself tells with this of the person whose address it came from.
  default List<Report> reports(Content content) {
    return List.of();
  }

  /// Whether the person sees a reply to this. Where not, what waits for them waits on.
  boolean mayAnswer(Content content);

  /// The longest text of one message, in bytes of UTF-8.
  int textLimit();

  /// Sends one text outside of a reply. Returns when the platform has accepted it.
  ///
  /// @throws ChannelError saying whether it certainly was not, or may have been, delivered
  void send(AddressKey to, String messageKey, String text);

  /// Whether something of this kind can be sent into the chats of this account. What cannot be is
  /// on a page of ours, whose link is said instead.
  default boolean takes(String account, Enclosed.Kind kind) {
    return false;
  }

  /// Gives the platform what is to be sent, unless it has it already. Nobody is sent anything by
  /// that, so it may be asked again whatever became of it.
  ///
  /// @param anew the platform says that it has lost it
  /// @return the platform's id of it, for [#send(AddressKey, String, Enclosed.Kind, String)]
  /// @throws ChannelError when it does not take it
  default String upload(String account, Enclosed what, boolean anew) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "nothing but words here");
  }

  /// Sends what was uploaded, outside of a reply. Returns when the platform has accepted it.
  ///
  /// @throws ChannelError as when words are sent; [ChannelError.Why#MEDIA_GONE] when it has to be
  ///   uploaded anew, and was not sent
  default void send(AddressKey to, String messageKey, Enclosed.Kind kind, String uploaded) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "nothing but words here");
  }

  /// Sends a notice. Returns when the platform has accepted it.
  ///
  /// @param rung one of those of [#ladder] that take fields
  /// @return the platform's id, by which it may tell later how it ended; null: it gave none
  /// @throws ChannelError saying whether it certainly was not, or may have been, delivered
  default @Nullable String notify(
      AddressKey to, String messageKey, Ladder.Rung rung, Notice notice) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "no notices here");
  }

  /// What a page of ours needs so that a person can give leave for notices there; null: this
  /// account sends none.
  ///
  /// @param url of the page, as the browser calls it, without what follows `#`
  /// @throws ChannelError when the platform does not give what it is signed with
  default @Nullable PageKey pageKey(String account, String url) {
    return null;
  }

  /// Our accounts for which the platform tells us who opens a page of ours.
  default List<String> accountsWithSignIn() {
    return List.of();
  }

  /// Whether a browser that calls itself so is the platform's own app, in which alone it tells who
  /// somebody is.
  ///
  /// @param userAgent as the header has it; empty: it said nothing
  default boolean isApp(String userAgent) {
    return false;
  }

  /// Where a browser is sent so that the platform tells us who it belongs to, without asking them.
  ///
  /// @param back the page of ours to which it returns, with a code and this state
  /// @param state letters and digits, 128 at most
  default String signInUrl(String account, String back, String state) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "nobody signs in here");
  }

  /// Whose browser came back with this code. Each code is good for one question.
  ///
  /// @throws ChannelError when the platform does not say; then the code may be spent
  default Arrival arrival(String account, String code) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "nobody signs in here");
  }

  /// Our accounts whose codes may have a scene, so that who scans one says with it where they are.
  default List<String> accountsWithScenes() {
    return List.of();
  }

  /// What a permanent code with this scene says. Whoever scans it comes as [Content.Scanned], or as
  /// [Content.Followed]. An account has a limited number of them for ever.
  ///
  /// @throws ChannelError when the platform gives none
  default String sceneUrl(String account, String scene) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "no codes with a scene here");
  }

  /// As [#sceneUrl], of a code that is good for a while only, as many as are wanted.
  ///
  /// @param lasts at most 30 days
  /// @throws ChannelError when the platform gives none
  default String passingSceneUrl(String account, String scene, Duration lasts) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "no codes with a scene here");
  }

  /// Fetches what a person sent.
  ///
  /// @throws ChannelError when it cannot be had, now or ever
  Media fetch(String account, String mediaId);

  /// How our accounts stand with the platform. Never waits long.
  default List<Standing> standings() {
    return List.of();
  }

  /// Asks the platform what it allows this account in a day, so that [#standings] knows it.
  ///
  /// @throws ChannelError when it does not say
  default void askLimits(String account) {}

  /// Our accounts of which the platform counts something by itself.
  default List<String> accountsWithFigures() {
    return List.of();
  }

  /// What the platform counted of that day, which is over.
  ///
  /// @throws ChannelError when it does not say
  default DayFigures figures(String account, LocalDate day) {
    throw new ChannelError.Refused(ChannelError.Why.NO_PERMISSION, "no figures here");
  }

  /// The tags of this account's followers; null: it has none.
  default @Nullable Tagging tagging(String account) {
    return null;
  }

  default Menus menus() {
    return Menus.NONE;
  }

  /// Our accounts of which it can be tried whether residents get through.
  default List<String> accountsWithProbe() {
    return List.of();
  }

  /// Writes to our own public address as the platform would, from [Probe#NOBODY], and asks the
  /// platform something that changes nothing. Fails never: whatever goes wrong is what it tells.
  default Probe probe(String account) {
    return new Probe.NotSupported();
  }

  /// What our accounts suffer from now, on any node. Never waits long.
  default List<Trouble> troubles() {
    return List.of();
  }

  /// Has what a [Trouble] leaves alone tried again with the next call, on every node: somebody has
  /// put it right. If they have not, the platform says so once more, and it is left alone as
  /// before.
  ///
  /// @param call as the [Trouble] names it
  /// @return whether it was still to be left alone
  default boolean resume(String account, String call) {
    return false;
  }

  record Window(int messages, Duration lasts) {}

  /// @param type the media type, such as `image/jpeg` or `audio/amr`
  record Media(String type, io.vertx.core.buffer.Buffer bytes) {}
}
