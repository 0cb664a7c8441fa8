package io.linyu.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Neighbourhood;
import io.linyu.Settings;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Phone;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is set up on the platform's side: the menu, from a file to the phones, and whether all is
/// as it must be.
class WechatCommandsTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private static final String CREATE = "/cgi-bin/menu/create";

  @AutoClose
  private static final Neighbourhood TOWN =
      Neighbourhood.atItsAddress(Settings.Wechat.Rights.VERIFIED);

  @TempDir private Path folder;
  private final Map<String, String> more = new HashMap<>();

  private record Said(int status, List<String> lines) {}

  @Test
  void whatWouldChangeIsShownAndPublishedWhenAsked() throws IOException {
    Path first =
        file(
            """
            - { name: 有话说, key: report }
            - name: 服务
              below:
                - { name: 发照片, photo: '' }
                - { name: 主页, url: '{public}/board?from=menu' }
            """);
    Said shown = menu("--file", first.toString());
    assertThat(shown.status()).isZero();
    assertThat(shown.lines())
        .contains(
            "+ 有话说  [click] report",
            "+ 服务",
            "+   发照片  [pic_photo_or_album] photo",
            "+   主页  [view] https://linyu.example.org/board?from=menu");
    assertThat(TOWN.wechat.calls(CREATE)).isZero();

    Said published = menu("--file", first.toString(), "--publish");
    assertThat(published.lines()).last().asString().contains("已发布");
    assertThat(requireNonNull(TOWN.wechat.menu()).getJsonArray("button").size()).isEqualTo(2);
    assertThat(
            TOWN.sql("SELECT subject FROM audit_entry WHERE what = 'menu_published' ORDER BY id"))
        .containsExactly("main");

    assertThat(menu("--file", first.toString(), "--publish").lines())
        .last()
        .asString()
        .contains("没有要改的");
    assertThat(TOWN.wechat.calls(CREATE)).isEqualTo(1);

    Said changed =
        menu(
            "--file",
            file("- { name: 有话说, key: report }\n- { name: 进度, key: progress }\n").toString());
    assertThat(changed.lines()).contains("  有话说  [click] report", "- 服务", "+ 进度  [click] progress");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnceWithItsLine() throws IOException {
    Path file =
        file(
            """
            - { name: 一二三四五六, key: report }
            - { name: 甲, key: nonsense }
            - { name: 乙, url: 'javascript:alert(1)' }
            - { name: 丙 }
            - { name: 丁, key: report, url: 'https://x.example' }
            - { key: report, tap: x }
            """);
    Said said = menu("--file", file.toString(), "--publish");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.lines().stream().map(line -> line.replace(file + ":", "")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("1: ").contains("一二三四五六", "18 个字节", "5 个汉字"),
            line -> assertThat(line).startsWith("2: ").contains("nonsense", "progress"),
            line -> assertThat(line).startsWith("3: ").contains("javascript"),
            line -> assertThat(line).startsWith("4: ").contains("最多 3 个", "6"),
            line -> assertThat(line).startsWith("4: ").contains("丙", "只做一件事"),
            line -> assertThat(line).startsWith("5: ").contains("丁"),
            line -> assertThat(line).startsWith("6: ").contains("tap"),
            line -> assertThat(line).startsWith("6: ").contains("没有名字"),
            line -> assertThat(line).contains("有 8 处不对"));
    // The longest that the platform takes, which counts by itself.
    String longest = "- name: 一二三四五a\n  below: [{ name: " + "二".repeat(20) + ", key: report }]\n";
    assertThat(menu("--file", file(longest).toString(), "--publish").status()).isZero();
    assertThat(menu("--file", file(longest.replace("二,", "二a,")).toString()).lines())
        .first()
        .asString()
        .contains(":2: ", "61 个字节", "20 个汉字");
    assertThat(menu("--file", file("- : [").toString()).lines())
        .first()
        .asString()
        .contains(":1: ", "YAML");
    assertThat(menu("--file", folder.resolve("none.yaml").toString()).status()).isEqualTo(1);
  }

  @Test
  void theShippedMenuIsGoodAndAnAccountThatMayNotIsToldHow() {
    Path shipped = Path.of("..").resolve("config").resolve("menu.yaml");
    assertThat(menu("--file", shipped.toString()).status()).isZero();

    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_KIND", "subscription");
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_VERIFIED", "false");
    long asked = TOWN.wechat.calls("/cgi-bin/menu/get");
    Said said = menu("--file", shipped.toString(), "--publish");
    assertThat(said.status()).isEqualTo(1);
    assertThat(String.join("\n", said.lines())).contains("手工设", "看进度");
    assertThat(TOWN.wechat.calls("/cgi-bin/menu/get")).isEqualTo(asked);
    assertThat(menu("--account", "nobody", "--file", shipped.toString()).lines())
        .first()
        .asString()
        .contains("nobody", "main");
  }

  @Test
  void theDoctorWalksThroughWhatAnAccountNeeds() {
    more.put("LINYU_HTTP_PUBLICURL", TOWN.url(""));
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_NOTICE_ID", "sim-result-notice");
    more.put(
        "LINYU_WECHAT_ACCOUNTS_MAIN_NOTICE_FIELDS",
        "character_string1=number, thing2=matter, thing3=words, time4=time");
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_TEMPLATE_ID", "sim-nothing");
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_TEMPLATE_FIELDS", "thing1=matter");
    Said said = run("doctor", "wechat");
    assertThat(said.status()).isEqualTo(1);
    assertThat(said.lines())
        .anyMatch(line -> line.startsWith("✗") && line.contains("http.publicUrl"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("令牌对得上"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("毫秒就有了回话"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("客服消息能用，平台每天给 500000 次"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("照片和语音能发进聊天"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("门牌二维码能做"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("标签能用，现在有 0 个，最多 100 个"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("订阅通知的模板在"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("JS-SDK"))
        .anyMatch(line -> line.startsWith("✓") && line.contains("/h5/sign-in/main"))
        .anyMatch(line -> line.contains("网页授权域名") && line.contains("localhost"))
        .anyMatch(line -> line.startsWith("✗") && line.contains("sim-nothing"))
        .anyMatch(line -> line.contains("verification"));

    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_NOTICE_FIELDS", "thing1=matter");
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN", "another");
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_OPENBASE", "https://open.weixin.qq.com");
    assertThat(run("doctor", "wechat").lines())
        .anyMatch(line -> line.startsWith("✗") && line.contains("/h5/sign-in/main"))
        .anyMatch(line ->
            line.contains("character_string1, thing2, thing3, time4") && line.contains("thing1"))
        .anyMatch(line -> line.contains("状态 403"));

    // The settings say more than the account has.
    TOWN.wechat.faults().always("/cgi-bin/openapi/quota/get", Fault.NO_PERMISSION);
    TOWN.wechat.faults().always("/cgi-bin/tags/get", Fault.NO_PERMISSION);
    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN", "with-a-hyphen");
    assertThat(run("doctor", "wechat").lines())
        .anyMatch(line -> line.startsWith("✗") && line.contains("客服消息不能用（48001"))
        .anyMatch(line -> line.startsWith("✗") && line.contains("门牌二维码做不了（48001"))
        .anyMatch(line -> line.startsWith("✗") && line.contains("标签不能用（48001"))
        .anyMatch(line -> line.startsWith("✗") && line.contains("3 到 32 个字母或数字"))
        .anyMatch(line -> line.contains("按配置里写的") && line.contains("48001"));
    TOWN.wechat.faults().none();
    assertThat(TOWN.wechat.calls("/cgi-bin/qrcode/create")).as("nothing was made").isZero();

    more.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET", "wrong");
    assertThat(run("doctor", "wechat").lines())
        .anyMatch(line -> line.startsWith("✗") && line.contains("40125"))
        .noneMatch(line -> line.contains("订阅通知的模板在"));
    more.remove("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET");
    assertThat(run("doctor", "wechat").lines()).noneMatch(line -> line.contains("40125"));
  }

  @Test
  void whatWasPutRightIsTriedAgainAtOnceByTheRunningServer() {
    assertThat(run("wechat", "resume").lines()).containsExactly("没有停着的接口：main");

    Phone li = TOWN.follower("resume");
    li.says("在吗");
    TOWN.wechat.faults().always(SEND, Fault.BANNED);
    TOWN.sql(
        """
        INSERT INTO outbound (message_key, address_id, text, next_due_at, created_at, updated_at)
        SELECT 'resumed', id, '师傅明天来', now(), now(), now() FROM address WHERE external_id = '%s'
        """
            .formatted(li.openid()));
    TOWN.until(
        "it waits",
        () ->
            TOWN.sqlOne("SELECT reason LIKE '%48004%' FROM outbound WHERE message_key = 'resumed'")
                .equals("t"));
    TOWN.wechat.faults().none();

    assertThat(run("wechat", "resume", "--call", "media/get").lines())
        .containsExactly("没有停着的接口：main");
    Said said = run("wechat", "resume", "--account", "main");
    assertThat(said.status()).isZero();
    assertThat(said.lines())
        .singleElement()
        .asString()
        .contains("main", "message/custom/send", "48004", "等着的 1 条");
    assertThat(li.awaitHeard("师傅明天来")).isNotNull();
    assertThat(
            TOWN.sql(
                "SELECT details::jsonb->>'call' FROM audit_entry WHERE what = 'channel_resumed'"))
        .containsExactly("message/custom/send");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "menu", ".yaml"), text);
  }

  private Said menu(String... arguments) {
    return run(
        Stream.concat(Stream.of("wechat", "menu"), Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  private Said run(String... arguments) {
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    int status = Commands.run(arguments, new Environment(environment(), folder), out, out);
    return new Said(status, said.toString().lines().filter(line -> !line.isBlank()).toList());
  }

  private Map<String, String> environment() {
    Settings settings = TOWN.settings;
    Settings.Wechat account = requireNonNull(settings.wechat().get("main"));
    var environment = new HashMap<String, String>();
    environment.put("LANG", "zh_CN.UTF-8");
    environment.put("LINYU_DATA_DIR", folder.toString());
    environment.put("LINYU_HTTP_PUBLICURL", "https://linyu.example.org");
    environment.put("LINYU_DATABASE_URL", settings.databaseUrl());
    environment.put("LINYU_REDIS_URL", settings.redisUrl());
    environment.put("LINYU_REDIS_PREFIX", settings.redisPrefix());
    environment.put("LINYU_SECRETS_KEY", settings.secretsKey());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_APPID", account.appId());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET", account.secret());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN", account.token());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_AESKEY", String.valueOf(account.aesKey()));
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_APIBASE", account.apiBase());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_OPENBASE", account.openBase());
    environment.putAll(more);
    return environment;
  }
}
