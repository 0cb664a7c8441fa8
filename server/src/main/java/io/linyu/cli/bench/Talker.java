package io.linyu.cli.bench;

import io.linyu.cli.bench.Talk.Kind;
import io.linyu.cli.bench.Talk.Line;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One resident in a trial of speed: says one line after the other, and knows what the answer must
/// be. Seals and opens as the platform does, with the simulator's code and not with the server's.
final class Talker {
  private static final long FIRST_ID = 1L << 40;
  private static final long IDS_EACH = 1 << 20;
  private static final String NOTHING = "success";

  private final Account account;
  private final Envelope envelope;
  private final String openid;
  private final int headStart;
  private long nextId;
  private int said;
  private @Nullable Saying last;
  private String lastAnswer = "";

  /// A message under way.
  ///
  /// @param line its number in the talk; -1 for following
  /// @param first whether this person says this line for the first time
  /// @param xml as the platform seals it: the same at each delivery
  record Saying(Kind kind, int line, boolean first, String xml) {}

  /// @param name of the one who is spoken to, part of everybody's openid
  Talker(Account account, String name, int number) {
    this.account = account;
    this.envelope = new Envelope(String.valueOf(account.aesKey()), account.appId());
    this.openid = "o" + name + "-" + number;
    this.headStart = number % Talk.LINES.size();
    this.nextId = FIRST_ID + number * IDS_EACH;
  }

  /// Everybody begins somewhere else in the talk, so that at each moment all of it is said: until
  /// there, one goes on without waiting for the others.
  boolean isBehind() {
    return said < headStart;
  }

  Saying follow() {
    return new Saying(
        Kind.STEP,
        -1,
        true,
        opening()
            + "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event>"
            + "<EventKey><![CDATA[qrscene_"
            + Ground.HOME
            + "]]></EventKey></xml>");
  }

  Saying next() {
    int number = said % Talk.LINES.size();
    boolean first = said < Talk.LINES.size();
    said++;
    Line line = Talk.LINES.get(number);
    Saying before = last;
    if (line.kind() == Kind.DUPLICATE && before != null) {
      return new Saying(line.kind(), number, first, before.xml());
    }
    var next =
        new Saying(
            line.kind(),
            number,
            first,
            opening()
                + "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA["
                + line.says()
                + "]]></Content><MsgId>"
                + nextId++
                + "</MsgId></xml>");
    last = next;
    return next;
  }

  private String opening() {
    return "<xml><ToUserName><![CDATA["
        + account.originalId()
        + "]]></ToUserName><FromUserName><![CDATA["
        + openid
        + "]]></FromUserName><CreateTime>"
        + Instant.now().getEpochSecond()
        + "</CreateTime>";
  }

  /// A whole request of HTTP/1.1, signed and sealed anew.
  byte[] request(Saying saying, int port) {
    String timestamp = Long.toString(Instant.now().getEpochSecond());
    String nonce = Integer.toString(ThreadLocalRandom.current().nextInt(1_000_000_000));
    String sealed = envelope.seal(saying.xml());
    String body =
        "<xml><ToUserName><![CDATA["
            + account.originalId()
            + "]]></ToUserName><Encrypt><![CDATA["
            + sealed
            + "]]></Encrypt></xml>";
    String head =
        "POST /wechat/main?signature="
            + Envelope.signature(account.token(), timestamp, nonce)
            + "&timestamp="
            + timestamp
            + "&nonce="
            + nonce
            + "&openid="
            + openid
            + "&encrypt_type=aes&msg_signature="
            + Envelope.signature(account.token(), timestamp, nonce, sealed)
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nContent-Type: text/xml\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// What somebody reads in answer; empty when it is nothing.
  ///
  /// @throws IllegalArgumentException for what the platform would not take
  String read(String body) {
    if (body.equals(NOTHING)) {
      return "";
    }
    String sealed = text(body, "Encrypt");
    String signature =
        Envelope.signature(
            account.token(), between(body, "<TimeStamp>", "<"), text(body, "Nonce"), sealed);
    if (!signature.equals(text(body, "MsgSignature"))) {
      throw new IllegalArgumentException("a wrong MsgSignature");
    }
    String xml = envelope.open(sealed);
    if (!text(xml, "ToUserName").equals(openid)) {
      throw new IllegalArgumentException("an answer for somebody else");
    }
    return text(xml, "Content");
  }

  /// What is wrong with an answer; null when it is as expected.
  ///
  /// @param expected empty when nobody knows yet: then it must at least say what the line demands
  @Nullable String judge(Saying saying, String answer, String expected) {
    String before = lastAnswer;
    lastAnswer = answer;
    String what = openid + " line " + saying.line() + ": ";
    if (saying.kind() == Kind.DUPLICATE && !answer.equals(before)) {
      return what + "first " + before + ", then " + answer;
    }
    if (!expected.isEmpty()) {
      String common = Talk.common(answer);
      return common.equals(expected) ? null : what + "expected " + expected + ", was " + common;
    }
    return saying.line() < 0 || answer.contains(Talk.LINES.get(saying.line()).hears())
        ? null
        : what + answer;
  }

  private static String text(String xml, String name) {
    return between(xml, "<" + name + "><![CDATA[", "]]></" + name + ">");
  }

  private static String between(String text, String from, String to) {
    int begin = text.indexOf(from);
    int end = begin < 0 ? -1 : text.indexOf(to, begin + from.length());
    if (end < 0) {
      throw new IllegalArgumentException("no " + from + " in " + text);
    }
    return text.substring(begin + from.length(), end);
  }
}
