package io.linyu.channel.wechat;

import io.linyu.channel.Channel.Window;
import io.linyu.channel.Content;
import io.linyu.channel.Content.Other;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One payload of each kind that the platform sends, as it is captured, and what it says.
///
/// @param name of the file in `wechat/`
/// @param externalId the id that a repeated delivery has again
/// @param opens the window of customer-service messages after it
public record Captured(String name, String externalId, Content content, @Nullable Window opens) {
  public static final String OPEN_ID = "oAuntieLi-0000000000000001";
  public static final String OURSELVES = "gh_0a1b2c3d4e5f";

  private static final Window MESSAGE = new Window(5, Duration.ofDays(2));
  private static final Window DEED = new Window(3, Duration.ofMinutes(1));
  private static final long T = 1_795_400_000L;

  public byte[] payload() {
    try (InputStream file = Captured.class.getResourceAsStream("/wechat/" + name + ".xml")) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static Captured message(int number, String name, Content content) {
    return new Captured(
        name, "240000000000000" + (number < 10 ? "0" : "") + number, content, MESSAGE);
  }

  private static Captured event(
      int second, String name, String id, Content content, @Nullable Window opens) {
    return new Captured(name, (T + second) + ":" + id, content, opens);
  }

  private static Captured other(int second, String name, String event, Map<String, String> fields) {
    String id = event + ":" + fields.getOrDefault("EventKey", "");
    return event(second, name, id, new Other(event, fields), null);
  }

  private static Captured pictures(int second, String event) {
    return other(
        second,
        event.replace('_', '-'),
        event,
        Map.of(
            "EventKey", "photo",
            "SendPicsInfo.Count", "2",
            "SendPicsInfo.PicList.item.PicMd5Sum", "aaaa",
            "SendPicsInfo.PicList.item[2].PicMd5Sum", "bbbb"));
  }

  private static Captured template(long id, String name, String status) {
    return event(
        16,
        name,
        "TEMPLATESENDJOBFINISH::" + id,
        new Other("TEMPLATESENDJOBFINISH", Map.of("MsgID", Long.toString(id), "Status", status)),
        null);
  }

  private static Captured scannedByMenu(
      int second, String name, String event, String key, String result) {
    return event(
        second,
        name,
        event + ":" + key,
        new Other(
            event,
            Map.of(
                "EventKey", key,
                "ScanCodeInfo.ScanType", "qrcode",
                "ScanCodeInfo.ScanResult", result)),
        DEED);
  }

  public static List<Captured> all() {
    return List.of(
        message(1, "text", new Content.Text("三栋楼道灯坏了😢 <b> & \"两天\"", null)),
        message(2, "text-from-an-article", new Content.Text("看到通知了", null)),
        message(3, "text-chosen-from-a-menu", new Content.Text("已经解决", "solved")),
        message(4, "text-for-a-sticker", new Content.Text("【收到不支持的消息类型，暂无法显示】", null)),
        message(
            5,
            "image",
            new Content.Image("media-image-1", "http://mmbiz.qpic.cn/mmbiz_jpg/invented/0")),
        message(6, "voice-recognised", new Content.Voice("media-voice-1", "amr", "楼下的灯不亮了。")),
        message(7, "voice-not-recognised", new Content.Voice("media-voice-2", "speex", null)),
        message(8, "video", new Content.Video("media-video-1")),
        message(9, "shortvideo", new Content.Video("media-video-2")),
        message(10, "location", new Content.Location(31.234567, 121.345678, "梧桐里3栋")),
        message(
            11,
            "link",
            new Other(
                "link",
                Map.of(
                    "Title", "停水通知",
                    "Description", "明天停水",
                    "Url", "https://example.org/notice?a=1&b=2"))),
        event(1, "subscribe", "subscribe:", new Content.Followed(null), DEED),
        event(
            2,
            "subscribe-by-code",
            "subscribe:qrscene_bld:88001001B3",
            new Content.Followed("bld:88001001B3"),
            DEED),
        event(
            3,
            "subscribe-after-payment",
            "subscribe:last_trade_no_4007022001",
            new Content.Followed(null),
            DEED),
        event(4, "unsubscribe", "unsubscribe:", new Content.Unfollowed(), null),
        event(5, "scan", "SCAN:bld:88001001B3", new Content.Scanned("bld:88001001B3"), DEED),
        other(
            6,
            "position",
            "LOCATION",
            Map.of("Latitude", "31.234567", "Longitude", "121.345678", "Precision", "65.0")),
        event(7, "click", "CLICK:report", new Content.MenuTapped("report"), DEED),
        other(
            8,
            "view",
            "VIEW",
            Map.of("EventKey", "https://example.org/h5/cases?from=menu", "MenuId", "430000001")),
        other(
            9,
            "view-miniprogram",
            "view_miniprogram",
            Map.of("EventKey", "pages/index/index", "MenuId", "430000001")),
        scannedByMenu(10, "scancode-push", "scancode_push", "scan", "https://example.org/t/1"),
        scannedByMenu(11, "scancode-waitmsg", "scancode_waitmsg", "check-in", "rt:2026-11"),
        pictures(12, "pic_sysphoto"),
        pictures(13, "pic_photo_or_album"),
        pictures(14, "pic_weixin"),
        other(
            15,
            "location-select",
            "location_select",
            Map.of(
                "EventKey", "where",
                "SendLocationInfo.Location_X", "31.2",
                "SendLocationInfo.Location_Y", "121.3",
                "SendLocationInfo.Scale", "16",
                "SendLocationInfo.Label", "梧桐里",
                "SendLocationInfo.Poiname", "")),
        template(200163836, "template-delivered", "success"),
        template(200163837, "template-blocked", "failed:user block"),
        template(200163838, "template-failed", "failed: system failed"),
        event(
            19,
            "mass-sent",
            "MASSSENDJOBFINISH::1000001625",
            new Other(
                "MASSSENDJOBFINISH",
                Map.ofEntries(
                    Map.entry("MsgID", "1000001625"),
                    Map.entry("Status", "sendsuccess"),
                    Map.entry("TotalCount", "2"),
                    Map.entry("FilterCount", "2"),
                    Map.entry("SentCount", "1"),
                    Map.entry("ErrorCount", "1"),
                    Map.entry("CopyrightCheckResult.Count", "2"),
                    Map.entry("CopyrightCheckResult.ResultList.item.ArticleIdx", "1"),
                    Map.entry("CopyrightCheckResult.ResultList.item.AuditState", "2"),
                    Map.entry("CopyrightCheckResult.ResultList.item[2].ArticleIdx", "2"),
                    Map.entry("CopyrightCheckResult.ResultList.item[2].AuditState", "3"),
                    Map.entry("CopyrightCheckResult.CheckState", "2"),
                    Map.entry("ArticleUrlResult.Count", "1"),
                    Map.entry("ArticleUrlResult.ResultList.item.ArticleIdx", "1"),
                    Map.entry(
                        "ArticleUrlResult.ResultList.item.ArticleUrl",
                        "https://mp.weixin.qq.com/s/invented"))),
            null),
        other(
            20,
            "published",
            "PUBLISHJOBFINISH",
            Map.of(
                "PublishEventInfo.publish_id", "2247503051",
                "PublishEventInfo.publish_status", "0",
                "PublishEventInfo.article_id", "b5O2OUs25HBxRceL7hfReg",
                "PublishEventInfo.article_detail.count", "1",
                "PublishEventInfo.article_detail.item.idx", "1",
                "PublishEventInfo.article_detail.item.article_url",
                    "https://mp.weixin.qq.com/s/invented")),
        other(
            21,
            "notice-offered",
            "subscribe_msg_popup_event",
            Map.of(
                "SubscribeMsgPopupEvent.List.TemplateId", "tpl-one",
                "SubscribeMsgPopupEvent.List.SubscribeStatusString", "accept",
                "SubscribeMsgPopupEvent.List.PopupScene", "1",
                "SubscribeMsgPopupEvent.List[2].TemplateId", "tpl-two",
                "SubscribeMsgPopupEvent.List[2].SubscribeStatusString", "reject",
                "SubscribeMsgPopupEvent.List[2].PopupScene", "2")),
        other(
            22,
            "notice-refused-later",
            "subscribe_msg_change_event",
            Map.of(
                "SubscribeMsgChangeEvent.List.TemplateId", "tpl-one",
                "SubscribeMsgChangeEvent.List.SubscribeStatusString", "reject")),
        event(
            23,
            "notice-sent",
            "subscribe_msg_sent_event::1864323726461255680",
            new Other(
                "subscribe_msg_sent_event",
                Map.of(
                    "SubscribeMsgSentEvent.List.TemplateId", "tpl-one",
                    "SubscribeMsgSentEvent.List.MsgID", "1864323726461255680",
                    "SubscribeMsgSentEvent.List.ErrorCode", "0",
                    "SubscribeMsgSentEvent.List.ErrorStatus", "success")),
            null),
        other(24, "kf-create-session", "kf_create_session", Map.of("KfAccount", "desk@linyu")),
        other(25, "kf-close-session", "kf_close_session", Map.of("KfAccount", "desk@linyu")),
        other(
            26,
            "kf-switch-session",
            "kf_switch_session",
            Map.of("FromKfAccount", "desk@linyu", "ToKfAccount", "street@linyu")),
        other(27, "user-info-modified", "user_info_modified", revoked()),
        other(28, "user-authorization-revoke", "user_authorization_revoke", revoked()),
        verified(29, "qualification_verify_success"),
        unverified(30, "qualification_verify_fail"),
        verified(31, "naming_verify_success"),
        unverified(32, "naming_verify_fail"),
        verified(33, "annual_renew"),
        verified(34, "verify_expired"),
        new Captured(
            "a-kind-of-tomorrow",
            "24000000000000041",
            new Other("hologram", Map.of("Depth", "3")),
            null),
        other(41, "an-event-of-tomorrow", "neighbour_waved", Map.of("EventKey", "hand")));
  }

  private static Map<String, String> revoked() {
    return Map.of("OpenID", OPEN_ID, "AppID", "wx0123456789abcdef", "RevokeInfo", "1");
  }

  private static Captured verified(int second, String event) {
    return other(second, event.replace('_', '-'), event, Map.of("ExpiredTime", "1826936000"));
  }

  private static Captured unverified(int second, String event) {
    return other(
        second,
        event.replace('_', '-'),
        event,
        Map.of("FailTime", Long.toString(T + second), "FailReason", "by time"));
  }
}
