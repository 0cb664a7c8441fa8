package io.linyu.channel.wechat;

import static java.util.Objects.requireNonNull;

import io.linyu.channel.ChannelError;
import io.linyu.channel.Probe;
import io.linyu.platform.text.Codes;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Walks through everything that an account needs on both sides, in the order in which it is set
/// up. It asks the platform, and sends nobody anything.
public final class WechatCheckup {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]{3,32}");

  /// In the content of a template.
  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([a-zA-Z_]+\\d*)\\.DATA\\s*}}");

  private final String name;
  private final WechatAccount account;
  private final WechatGateway gateway;
  private final String publicUrl;
  private final SSLContext trusted;
  private final Clock clock;
  private final List<Finding> findings = new ArrayList<>();

  /// @param name of the account in the settings
  WechatCheckup(
      String name,
      WechatAccount account,
      WechatGateway gateway,
      String publicUrl,
      SSLContext trusted,
      Clock clock) {
    this.name = name;
    this.account = account;
    this.gateway = gateway;
    this.publicUrl = publicUrl;
    this.trusted = trusted;
    this.clock = clock;
  }

  public enum Outcome {
    GOOD,
    /// Worth knowing; nothing fails.
    HINT,
    BAD
  }

  /// @param key of the sentence
  public record Finding(Outcome outcome, String key, List<Object> arguments) {}

  List<Finding> run() {
    address();
    tokenForm();
    callback();
    verification();
    if (token()) {
      menu();
      permissions();
      notices();
    }
    signIn();
    rights();
    return List.copyOf(findings);
  }

  /// The platform calls ports 80 and 443 only, and a page is signed for one address.
  private void address() {
    URI address = URI.create(publicUrl);
    boolean standard = List.of(-1, 80, 443).contains(address.getPort());
    if (!"https".equals(address.getScheme()) || !standard) {
      bad("address", publicUrl);
    } else {
      good("address", publicUrl);
    }
  }

  /// What the form on the platform's pages takes.
  private void tokenForm() {
    if (!TOKEN.matcher(account.token()).matches()) {
      bad("token-form");
    }
  }

  /// Asks our own address what the platform asks it.
  private void callback() {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    String nonce = Codes.random();
    String echo = Codes.random();
    String url =
        publicUrl
            + "/wechat/"
            + name
            + "?signature="
            + WechatCrypto.signature(account.token(), timestamp, nonce)
            + "&timestamp="
            + timestamp
            + "&nonce="
            + nonce
            + "&echostr="
            + echo;
    Answer answer = ask(url);
    if (answer.body() != null && answer.status() == 200 && answer.body().equals(echo)) {
      good("callback", publicUrl + "/wechat/" + name);
      probe();
    } else if (answer.body() == null) {
      bad("callback-unreachable", publicUrl + "/wechat/" + name, answer.why());
    } else {
      bad("callback-other", publicUrl + "/wechat/" + name, answer.status());
    }
  }

  /// Whether a message is answered as well, down to the database and the bot.
  private void probe() {
    Probe.Half half =
        new WechatProbe(name, account, gateway, publicUrl, trusted, clock, PATIENCE).in();
    Probe.Failure failure = half.failure();
    if (failure == null) {
      good("probe", half.took().toMillis());
    } else {
      bad("probe", (failure.why().word() + " " + failure.detail()).strip());
    }
  }

  /// The platform looks for this file before it takes a domain for pages.
  private void verification() {
    String code = account.verification();
    if (code == null) {
      if (account.rights().ladder().subscription() != null) {
        hint("verification-none");
      }
      return;
    }
    String url =
        publicUrl + "/MP_verify_" + URLEncoder.encode(code, StandardCharsets.UTF_8) + ".txt";
    Answer answer = ask(url);
    if (answer.status() == 200 && code.equals(answer.body())) {
      good("verification", url);
    } else {
      bad("verification", url, answer.body() == null ? answer.why() : answer.status());
    }
  }

  private boolean token() {
    return tried(
        "token",
        () -> {
          gateway.checkToken();
          return null;
        });
  }

  private void menu() {
    if (!account.rights().menu()) {
      hint("menu-not-allowed");
      return;
    }
    var _ =
        tried(
            "menu",
            () -> {
              List<String> menu = gateway.menu();
              if (menu.isEmpty()) {
                hint("menu-none");
              }
              return null;
            });
  }

  /// What the settings say that the account may do, the platform is asked about. Its answer to how
  /// often a call is allowed says also whether it is; nothing is sent, made or changed.
  private void permissions() {
    WechatAccount.Rights has = account.rights();
    if (has.ladder().messages()) {
      permission("messages", "/cgi-bin/message/custom/send");
      permission("files", "/cgi-bin/media/upload");
    }
    if (has.scenes()) {
      permission("scenes", "/cgi-bin/qrcode/create");
    }
    if (has.verified()) {
      tags();
    }
  }

  private void permission(String which, String api) {
    try {
      Long often = gateway.allowed(api);
      if (often == null) {
        hint(which);
      } else if (often == 0) {
        bad(which, "0");
      } else {
        good(which, often);
      }
    } catch (ChannelError refused) {
      bad(which, String.valueOf(refused.getMessage()));
    }
  }

  private void tags() {
    try {
      var tagging = gateway.tagging();
      good("tags", tagging.all().size(), tagging.most());
    } catch (ChannelError refused) {
      bad("tags", String.valueOf(refused.getMessage()));
    }
  }

  private void notices() {
    if (!account.rights().service() || !account.rights().verified()) {
      return;
    }
    WechatForm subscription = account.rights().subscription();
    if (subscription == null) {
      hint("notice-none");
    } else {
      template("notice", subscription, gateway::subscriptionTemplates);
      var _ =
          tried(
              "pages",
              () -> {
                var _ = gateway.pageKey(publicUrl + "/h5", subscription.id());
                return null;
              });
    }
    WechatForm template = account.rights().template();
    if (template != null) {
      template("template", template, gateway::templates);
    }
  }

  /// Whether the platform has it, with the fields that the settings name.
  private void template(String which, WechatForm form, Supplier<Map<String, String>> platform) {
    var _ =
        tried(
            which,
            () -> {
              String content = platform.get().get(form.id());
              if (content == null) {
                bad(which + "-unknown", form.id());
                return false;
              }
              var there = new TreeSet<String>();
              PLACE.matcher(content).results().forEach(each -> there.add(each.group(1)));
              if (!there.equals(form.fields().keySet())) {
                bad(
                    which + "-fields",
                    String.join(", ", there),
                    String.join(", ", form.fields().keySet()));
                return false;
              }
              return null;
            });
  }

  /// Whether a browser that wants to sign in is sent to the platform, and would come back to us.
  /// Which domain is registered there for it, the platform tells nobody.
  private void signIn() {
    if (!account.rights().signIn()) {
      return;
    }
    String url = publicUrl + "/h5/sign-in/" + name + "?anyway=yes";
    String back = publicUrl + "/h5/sign-in/" + name + "/back";
    Answer answer = ask(url);
    String wanted = gateway.signInUrl(back, "");
    if (answer.body() == null) {
      bad("sign-in-unreachable", url, answer.why());
    } else if (!answer.to().startsWith(wanted.substring(0, wanted.indexOf("&state=")))) {
      bad("sign-in-other", url, answer.status());
    } else {
      good("sign-in", url);
      hint("sign-in-domain", URI.create(publicUrl).getHost());
    }
  }

  /// What this kind of account buys. Which kind it is the platform tells nobody: it is what the
  /// settings say.
  private void rights() {
    WechatAccount.Rights has = account.rights();
    if (has.service() && has.verified()) {
      good("rights");
    } else {
      hint(has.verified() ? "rights-subscription" : "rights-unverified");
    }
  }

  /// @param what null when it is well and nothing was said of it
  private boolean tried(String key, Supplier<@Nullable Boolean> what) {
    try {
      if (what.get() == null) {
        good(key);
      }
      return true;
    } catch (ChannelError failed) {
      bad(key, String.valueOf(failed.getMessage()));
      return false;
    }
  }

  /// @param to where it sends on; empty: nowhere
  private record Answer(int status, @Nullable String body, String why, String to) {}

  private static Answer ask(String url) {
    try (var http =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
      var answer = http.send(request, BodyHandlers.ofString());
      String to = answer.headers().firstValue("Location").orElse("");
      return new Answer(answer.statusCode(), requireNonNull(answer.body()), "", to);
    } catch (IOException e) {
      return new Answer(0, null, e.getClass().getSimpleName(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, null, "interrupted", "");
    }
  }

  private void good(String key, Object... arguments) {
    findings.add(new Finding(Outcome.GOOD, "good." + key, List.of(arguments)));
  }

  private void hint(String key, Object... arguments) {
    findings.add(new Finding(Outcome.HINT, "hint." + key, List.of(arguments)));
  }

  private void bad(String key, Object... arguments) {
    findings.add(new Finding(Outcome.BAD, "bad." + key, List.of(arguments)));
  }
}
