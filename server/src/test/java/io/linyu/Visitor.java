package io.linyu;

import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The browser inside somebody's WeChat, which goes nowhere by itself: each step is looked at.
/// Cookies are kept by host, as browsers do, and sent to every path.
public final class Visitor implements AutoCloseable {
  private static final String WECHAT =
      "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.49";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Map<String, Map<String, String>> cookies = new TreeMap<>();
  private final String agent;

  /// @param to where it is sent on; empty: nowhere
  public record Seen(int status, String body, String to, HttpResponse<String> whole) {
    public String setCookie(String name) {
      return whole.headers().allValues("Set-Cookie").stream()
          .filter(each -> each.startsWith(name + "="))
          .collect(Collectors.joining("\n"));
    }
  }

  private Visitor(String agent) {
    this.agent = agent;
  }

  /// In the WeChat of this phone.
  public static Visitor in(WechatSimulator wechat, Phone phone) {
    var visitor = new Visitor(WECHAT);
    visitor.cookie(wechat.apiBase(), WechatSimulator.PHONE, phone.openid());
    return visitor;
  }

  /// Somewhere else.
  public static Visitor elsewhere() {
    return new Visitor("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
  }

  private Map<String, String> jar(URI uri) {
    return cookies.computeIfAbsent(uri.getHost() + ':' + uri.getPort(), _ -> new TreeMap<>());
  }

  public void cookie(String url, String name, String value) {
    jar(URI.create(url)).put(name, value);
  }

  public String cookie(String url, String name) {
    return jar(URI.create(url)).getOrDefault(name, "");
  }

  public void forget(String url, String name) {
    var _ = jar(URI.create(url)).remove(name);
  }

  public Seen get(String url) {
    return ask(URI.create(url), HttpRequest.newBuilder());
  }

  public Seen post(String url, String form) {
    return ask(
        URI.create(url),
        HttpRequest.newBuilder()
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  /// From a page of this origin.
  public Seen postFrom(String origin, String url, String form) {
    return ask(
        URI.create(url),
        HttpRequest.newBuilder()
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", origin)
            .POST(BodyPublishers.ofString(form)));
  }

  /// Goes where it is sent, to the end.
  public Seen follow(String url) {
    Seen seen = get(url);
    for (int steps = 0; !seen.to().isEmpty() && steps < 10; steps++) {
      seen = get(seen.to());
    }
    return seen;
  }

  private Seen ask(URI uri, HttpRequest.Builder request) {
    String kept =
        jar(uri).entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("; "));
    try {
      HttpResponse<String> answer =
          http.send(
              (kept.isEmpty() ? request : request.header("Cookie", kept))
                  .uri(uri)
                  .header("User-Agent", agent)
                  .build(),
              BodyHandlers.ofString());
      answer
          .headers()
          .allValues("Set-Cookie")
          .forEach(line -> {
            String[] pair = line.split(";", 2)[0].split("=", 2);
            jar(uri).put(pair[0], pair[1]);
          });
      String to =
          answer
              .headers()
              .firstValue("Location")
              .map(each -> uri.resolve(each).toString())
              .orElse("");
      return new Seen(answer.statusCode(), answer.body(), to, answer);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
