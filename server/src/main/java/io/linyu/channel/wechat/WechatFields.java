package io.linyu.channel.wechat;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;
import org.codehaus.stax2.io.Stax2ByteArraySource;
import org.jspecify.annotations.Nullable;

/// What a push says, flat: `EventKey`, `ScanCodeInfo.ScanResult`. An element that repeats is told
/// apart, `SubscribeMsgPopupEvent.List[2].TemplateId`, since some of the platform's lists have no
/// element around them.
final class WechatFields {
  /// The platform's own go three deep. A limit keeps the paths short whatever is sent.
  private static final int DEEPEST = 8;

  private static final InputFactoryImpl FACTORY = factory();

  private final Map<String, String> fields;
  private final boolean repeats;

  private WechatFields(Map<String, String> fields, boolean repeats) {
    this.fields = fields;
    this.repeats = repeats;
  }

  /// Takes elements and text in UTF-8 and nothing else: no document type, no processing
  /// instruction, no text beside elements.
  ///
  /// @throws WechatRefused when it is anything else
  static WechatFields parse(byte[] xml) {
    try {
      XMLStreamReader reader =
          FACTORY.createXMLStreamReader(new Stax2ByteArraySource(xml, 0, xml.length));
      try {
        return new Parser(reader).run();
      } finally {
        reader.close();
      }
    } catch (XMLStreamException | RuntimeException e) {
      // Aalto throws unchecked exceptions too, for instance at a character that cannot be.
      throw WechatRefused.malformed();
    }
  }

  /// Null when it is not there.
  @Nullable String leaf(String name) {
    String value = fields.get(name);
    if (value == null ? isParent(name) : repeats && fields.containsKey(name + "[2]")) {
      throw WechatRefused.malformed();
    }
    return value;
  }

  String text(String name) {
    String value = leaf(name);
    return value == null ? "" : value;
  }

  /// Null when it says nothing.
  @Nullable String filled(String name) {
    String value = leaf(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /// As it was said, which may be nothing, but it must be there.
  String required(String name) {
    String value = leaf(name);
    if (value == null) {
      throw WechatRefused.malformed();
    }
    return value;
  }

  String need(String name) {
    String value = filled(name);
    if (value == null) {
      throw WechatRefused.malformed();
    }
    return value;
  }

  Map<String, String> without(Set<String> names) {
    var rest = new LinkedHashMap<>(fields);
    rest.keySet().removeAll(names);
    return rest;
  }

  private boolean isParent(String name) {
    String prefix = name + ".";
    return fields.keySet().stream().anyMatch(path -> path.startsWith(prefix));
  }

  private static InputFactoryImpl factory() {
    var factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
    return factory;
  }

  private static final class Parser {
    private final XMLStreamReader reader;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private boolean leaf;
    private boolean repeats;

    Parser(XMLStreamReader reader) {
      this.reader = reader;
    }

    WechatFields run() throws XMLStreamException {
      onlyUtf8(reader.getEncoding());
      onlyUtf8(reader.getCharacterEncodingScheme());
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> start(reader.getLocalName());
          case XMLStreamConstants.END_ELEMENT -> end();
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text();
          case XMLStreamConstants.SPACE, XMLStreamConstants.COMMENT -> {}
          case XMLStreamConstants.END_DOCUMENT -> {
            return new WechatFields(fields, repeats);
          }
          default -> throw WechatRefused.malformed();
        }
      }
      throw WechatRefused.malformed();
    }

    private static void onlyUtf8(@Nullable String encoding) {
      if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
        throw WechatRefused.malformed();
      }
    }

    private void start(String name) {
      noTextSoFar();
      leaf = true;
      if (open.isEmpty()) {
        if (!name.equals("xml")) {
          throw WechatRefused.malformed();
        }
        open.push("");
        return;
      }
      if (open.size() > DEEPEST) {
        throw WechatRefused.malformed();
      }
      String parent = open.getFirst();
      String path = parent.isEmpty() ? name : parent + "." + name;
      int count = seen.merge(path, 1, Integer::sum);
      repeats |= count > 1;
      open.push(count == 1 ? path : path + "[" + count + "]");
    }

    private void end() {
      String path = open.pop();
      if (leaf && !path.isEmpty()) {
        fields.put(path, text.toString());
      } else {
        noTextSoFar();
      }
      text.setLength(0);
      leaf = false;
    }

    private void text() {
      text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
    }

    private void noTextSoFar() {
      if (!text.isEmpty() && !text.toString().isBlank()) {
        throw WechatRefused.malformed();
      }
      text.setLength(0);
    }
  }
}
