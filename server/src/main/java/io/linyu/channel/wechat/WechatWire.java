package io.linyu.channel.wechat;

/// Writes the platform's XML.
final class WechatWire {
  /// The longest text, in bytes.
  static final int TEXT_LIMIT = 2048;

  private static final String CUT = "…";
  private static final int CUT_BYTES = 3;

  private WechatWire() {}

  static String text(String to, String from, long seconds, String text) {
    var xml = new StringBuilder(256 + text.length()).append("<xml>");
    element(xml, "ToUserName", to);
    element(xml, "FromUserName", from);
    xml.append("<CreateTime>").append(seconds).append("</CreateTime>");
    element(xml, "MsgType", "text");
    element(xml, "Content", text);
    return xml.append("</xml>").toString();
  }

  /// What the platform pushes when somebody writes.
  static String push(String to, String from, long seconds, String text, String id) {
    var xml = new StringBuilder(256 + text.length()).append("<xml>");
    element(xml, "ToUserName", to);
    element(xml, "FromUserName", from);
    xml.append("<CreateTime>").append(seconds).append("</CreateTime>");
    element(xml, "MsgType", "text");
    element(xml, "Content", text);
    return xml.append("<MsgId>").append(id).append("</MsgId></xml>").toString();
  }

  /// The same, sealed.
  static String sealedPush(String to, String cipher) {
    var xml = new StringBuilder(128 + cipher.length()).append("<xml>");
    element(xml, "ToUserName", to);
    element(xml, "Encrypt", cipher);
    return xml.append("</xml>").toString();
  }

  static String envelope(String cipher, String signature, String timestamp, String nonce) {
    var xml = new StringBuilder(256 + cipher.length()).append("<xml>");
    element(xml, "Encrypt", cipher);
    element(xml, "MsgSignature", signature);
    xml.append("<TimeStamp>").append(timestamp).append("</TimeStamp>");
    element(xml, "Nonce", nonce);
    return xml.append("</xml>").toString();
  }

  /// Without what XML cannot hold, and cut where it gets too long, never inside a character.
  static String fit(String text) {
    var fitted = new StringBuilder(text.length());
    int bytes = 0;
    int cut = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (!isXml(point)) {
        continue;
      }
      bytes += utf8Length(point);
      if (bytes > TEXT_LIMIT) {
        fitted.setLength(cut);
        return fitted.append(CUT).toString();
      }
      fitted.appendCodePoint(point);
      if (bytes <= TEXT_LIMIT - CUT_BYTES) {
        cut = fitted.length();
      }
    }
    return fitted.toString();
  }

  /// Without what a JSON writer would escape beyond need: the platform refuses `\\u` (40033).
  static String unescaped(String text) {
    return text.codePoints()
        .map(point -> point == 0x2028 || point == 0x2029 ? '\n' : point)
        .filter(WechatWire::isXml)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// `]]>` would end the section: it is spread over two.
  private static void element(StringBuilder xml, String name, String text) {
    xml.append('<')
        .append(name)
        .append("><![CDATA[")
        .append(text.contains("]]>") ? text.replace("]]>", "]]]]><![CDATA[>") : text)
        .append("]]></")
        .append(name)
        .append('>');
  }

  private static boolean isXml(int point) {
    return (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || point >= 0x10000
        || point == '\n'
        || point == '\t'
        || point == '\r';
  }

  private static int utf8Length(int point) {
    if (point < 0x80) {
      return 1;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < 0x10000 ? 3 : 4;
  }
}
