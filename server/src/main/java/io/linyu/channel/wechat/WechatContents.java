package io.linyu.channel.wechat;

import io.linyu.channel.Content;
import io.linyu.platform.text.Digest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// From the platform's messages and events to what was said or done.
///
/// A kind that lacks what it is made of is kept as [Content.Other], like one that we do not know.
final class WechatContents {
  private static final Set<String> ENVELOPE =
      Set.of("ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event");

  private static final Set<String> KNOWN =
      Set.of(
          "video",
          "shortvideo",
          "link",
          "LOCATION",
          "VIEW",
          "view_miniprogram",
          "scancode_push",
          "scancode_waitmsg",
          "pic_sysphoto",
          "pic_photo_or_album",
          "pic_weixin",
          "location_select",
          "TEMPLATESENDJOBFINISH",
          "MASSSENDJOBFINISH",
          "PUBLISHJOBFINISH",
          "subscribe_msg_popup_event",
          "subscribe_msg_change_event",
          "subscribe_msg_sent_event",
          "kf_create_session",
          "kf_close_session",
          "kf_switch_session",
          "user_info_modified",
          "user_authorization_revoke",
          "qualification_verify_success",
          "qualification_verify_fail",
          "naming_verify_success",
          "naming_verify_fail",
          "annual_renew",
          "verify_expired");

  private static final String SCENE_PREFIX = "qrscene_";

  /// Longer keys than any that the platform makes, shorter than what an index row holds.
  private static final int LONGEST_KEY = 1024;

  private static final int LONGEST_ID = 128;

  private WechatContents() {}

  static Content read(WechatFields fields) {
    String type = fields.need("MsgType");
    Content content =
        switch (type) {
          case "text" ->
              new Content.Text(fields.required("Content"), fields.filled("bizmsgmenuid"));
          case "image" -> image(fields);
          case "voice" -> voice(fields);
          case "video", "shortvideo" -> video(fields);
          case "location" -> location(fields);
          case "event" -> event(fields);
          default -> null;
        };
    return content == null
        ? new Content.Other(
            type.equals("event") ? fields.need("Event") : type, fields.without(ENVELOPE))
        : content;
  }

  /// The id that a repeated delivery has again. Events have none of their own, so it is made of
  /// what tells two events of one person in one second apart.
  static String externalId(WechatFields fields) {
    if (!fields.need("MsgType").equals("event")) {
      return atMost(LONGEST_ID, fields.need("MsgId"));
    }
    String key = fields.text("EventKey");
    if (key.length() > LONGEST_KEY) {
      key = "sha256-" + Digest.hex(key);
    }
    String id = fields.need("CreateTime") + ":" + atMost(LONGEST_ID, fields.need("Event"));
    String sent = sentMessage(fields);
    return sent == null ? id + ":" + key : id + ":" + key + ":" + atMost(LONGEST_ID, sent);
  }

  /// The name if it is one of the platform's, so that nobody can invent figures without end.
  static String known(String name) {
    return KNOWN.contains(name) ? name : "unknown";
  }

  static String atMost(int longest, String id) {
    if (id.length() > longest) {
      throw WechatRefused.malformed();
    }
    return id;
  }

  /// What became of two messages that we sent may arrive in the same second.
  private static @Nullable String sentMessage(WechatFields fields) {
    String id = fields.filled("MsgID");
    return id == null ? fields.filled("SubscribeMsgSentEvent.List.MsgID") : id;
  }

  private static @Nullable Content image(WechatFields fields) {
    String media = fields.filled("MediaId");
    return media == null ? null : new Content.Image(media, fields.filled("PicUrl"));
  }

  private static @Nullable Content voice(WechatFields fields) {
    String media = fields.filled("MediaId");
    return media == null
        ? null
        : new Content.Voice(media, fields.text("Format"), fields.filled("Recognition"));
  }

  private static @Nullable Content video(WechatFields fields) {
    String media = fields.filled("MediaId");
    return media == null ? null : new Content.Video(media);
  }

  private static @Nullable Content location(WechatFields fields) {
    Double latitude = degrees(fields.filled("Location_X"), 90);
    Double longitude = degrees(fields.filled("Location_Y"), 180);
    return latitude == null || longitude == null
        ? null
        : new Content.Location(latitude, longitude, fields.text("Label"));
  }

  private static @Nullable Double degrees(@Nullable String number, int most) {
    try {
      double value = number == null ? Double.NaN : Double.parseDouble(number);
      return Math.abs(value) <= most ? value : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Content event(WechatFields fields) {
    String key = fields.filled("EventKey");
    return switch (fields.need("Event")) {
      case "subscribe" -> new Content.Followed(scene(key));
      case "unsubscribe" -> new Content.Unfollowed();
      case "SCAN" -> key == null ? null : new Content.Scanned(key);
      case "CLICK" -> key == null ? null : new Content.MenuTapped(key);
      default -> null;
    };
  }

  /// Who follows after a payment has another kind of key, which is no scene.
  private static @Nullable String scene(@Nullable String key) {
    return key == null || !key.startsWith(SCENE_PREFIX) || key.length() == SCENE_PREFIX.length()
        ? null
        : key.substring(SCENE_PREFIX.length());
  }
}
