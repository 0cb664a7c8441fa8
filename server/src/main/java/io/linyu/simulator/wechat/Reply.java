package io.linyu.simulator.wechat;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// The XML that the account's server answered a push with.
///
/// @param type the `MsgType`
/// @param text what the follower reads; for other types than text a word for it
public record Reply(String type, String text, String xml) {
  private static final int LONGEST = 2048;

  /// @throws IllegalArgumentException for what the platform does not take for a reply
  static Reply read(String xml, String openid, String originalId) {
    Map<String, String> fields = fields(xml);
    expect(fields, "ToUserName", openid);
    expect(fields, "FromUserName", originalId);
    if (!fields.getOrDefault("CreateTime", "").matches("\\d{1,12}")) {
      throw new IllegalArgumentException("no CreateTime");
    }
    String type = fields.getOrDefault("MsgType", "");
    return switch (type) {
      case "text" -> new Reply(type, content(fields), xml);
      case "image", "voice" -> new Reply(type, "[" + type + "]", xml);
      case "news" -> new Reply(type, fields.getOrDefault("Title", "[news]"), xml);
      case "transfer_customer_service" -> new Reply(type, "", xml);
      default -> throw new IllegalArgumentException("no such type: " + type);
    };
  }

  /// The elements by name, wherever they stand; the first of a name counts.
  static Map<String, String> fields(String xml) {
    try {
      var factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      Element root = builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
      if (!root.getTagName().equals("xml")) {
        throw new IllegalArgumentException("the root is " + root.getTagName());
      }
      var fields = new LinkedHashMap<String, String>();
      collect(root, fields);
      return fields;
    } catch (SAXException e) {
      throw new IllegalArgumentException("not XML", e);
    } catch (ParserConfigurationException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void collect(Element parent, Map<String, String> into) {
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element) {
        into.putIfAbsent(element.getTagName(), element.getTextContent());
        collect(element, into);
      }
    }
  }

  private static String content(Map<String, String> fields) {
    String content = fields.getOrDefault("Content", "");
    if (content.isEmpty()) {
      throw new IllegalArgumentException("an empty Content");
    }
    if (bytes(content) > LONGEST) {
      throw new IllegalArgumentException("a Content of " + bytes(content) + " bytes");
    }
    return content;
  }

  static int bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  private static void expect(Map<String, String> fields, String name, String value) {
    if (!value.equals(fields.get(name))) {
      throw new IllegalArgumentException(name + " is " + fields.get(name));
    }
  }
}
