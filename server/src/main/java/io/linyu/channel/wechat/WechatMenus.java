package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Menus;
import io.linyu.platform.text.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The menus of WeChat, and the file that makes them. It is read each time somebody looks.
public final class WechatMenus implements Menus {
  private final WechatChannel wechat;
  private final Path file;
  private final String publicUrl;
  private final Supplier<Set<String>> known;

  /// @param file usually `config/menu.yaml`
  /// @param known the keys that the bot's menu has
  public WechatMenus(
      WechatChannel wechat, Path file, String publicUrl, Supplier<Set<String>> known) {
    this.wechat = wechat;
    this.file = file;
    this.publicUrl = publicUrl;
    this.known = known;
  }

  @Override
  public boolean mayHave(String account) {
    return wechat.mayHaveMenu(account);
  }

  @Override
  public List<Button> published(String account) {
    return buttons(wechat.menuJson(account));
  }

  @Override
  public Staged staged(String account) {
    return switch (read(account)) {
      case null -> new Staged.Missing(file.toString());
      case WechatMenuFile.Read.Good(WechatMenu menu) ->
          new Staged.Good(file.toString(), buttons(menu.json().path("button")), seen(menu));
      case WechatMenuFile.Read.Faulty(List<WechatMenuFile.Problem> problems) ->
          new Staged.Faulty(
              file.toString(),
              problems.stream()
                  .map(each -> new Problem(each.line(), each.key(), each.arguments()))
                  .toList());
    };
  }

  @Override
  public void publish(String account, String seen) {
    if (!(read(account) instanceof WechatMenuFile.Read.Good(WechatMenu menu))
        || !seen(menu).equals(seen)) {
      throw new Refused(Why.CONTENT, "the file has changed");
    }
    wechat.publish(account, menu);
  }

  private WechatMenuFile.@Nullable Read read(String account) {
    try {
      return WechatMenuFile.read(Files.readString(file, UTF_8), publicUrl, account, known.get());
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String seen(WechatMenu menu) {
    return Digest.hex(menu.json().toString()).substring(0, 32);
  }

  private static List<Button> buttons(JsonNode all) {
    var buttons = new ArrayList<Button>();
    all.forEach(each -> {
      JsonNode below = each.path("sub_button");
      String type = each.path("type").asText();
      buttons.add(
          new Button(
              each.path("name").asText(),
              word(type),
              Stream.of("key", "url", "media_id", "article_id", "appid")
                  .map(name -> each.path(name).asText())
                  .filter(value -> !value.isEmpty())
                  .findFirst()
                  .orElse(""),
              below.isArray() ? buttons(below) : List.of()));
    });
    return buttons;
  }

  private static String word(String type) {
    return Arrays.stream(WechatMenu.Kind.values())
        .filter(kind -> kind.type().equals(type))
        .map(WechatMenu.Kind::word)
        .findFirst()
        .orElse(type);
  }
}
