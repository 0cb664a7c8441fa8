package io.linyu.reception;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Reader;
import io.linyu.Samples;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseState;
import io.linyu.casework.Line;
import io.linyu.casework.Rejecting;
import io.linyu.community.Staff;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Documents and photos that residents hand in on the page of their matter, as a plain form sends
/// them.
class HandInTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private static final AtomicInteger VISITORS = new AtomicInteger(1);

  /// Each test from a place of its own, since there may come only so many from one.
  @AutoClose
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .localAddress(place(VISITORS.incrementAndGet()))
          .build();

  private static InetAddress place(int which) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) which});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final Pattern LINK = Pattern.compile("/h5/cases/\\w+");
  private static final Pattern PAPER = Pattern.compile("/h5/cases/\\w+/papers/\\w+");
  private static final Pattern CODE = Pattern.compile("\\d{4} \\d{4}");
  private static final AtomicInteger KEYS = new AtomicInteger();

  private record Part(String name, Buffer content) {}

  @Test
  void whatIsHandedInBelongsToTheMatterLikeWhatIsSaid() throws Exception {
    String page = told("whole", "楼道扶手松了");
    assertThat(get(page).body()).contains("补充材料", "从手机里选", "一个最多 20 MB");
    Case matter = matter(page);
    String key = key();
    Buffer pdf = Buffer.buffer("%PDF-1.4\n% of its own\n%%EOF\n");
    List<Part> parts =
        List.of(
            new Part("诊断书.pdf", pdf),
            new Part("现场.png", Samples.picture(300, 200, "PNG")),
            new Part("口述.mp3", Samples.mp3(3)));
    HttpResponse<String> sent = post(page, key, "这是医院开的诊断书", parts);
    assertThat(sent.statusCode()).isEqualTo(303);
    String to = sent.headers().firstValue("Location").orElseThrow();
    assertThat(to).isEqualTo(page + "?handed=" + key + "#papers");
    String seen = get(to.replace("#papers", "")).body();
    assertThat(seen).contains("交上去了，3 个", "诊断书.pdf", "现场.jpg", "您交的材料收到了，3 个");
    // Whose network went before the answer came sends it again, and it is there once.
    assertThat(post(page, key, "这是医院开的诊断书", parts).statusCode()).isEqualTo(303);
    assertThat(papers(page)).hasSize(3);
    assertThat(TOWN.sql("SELECT 1 FROM message WHERE content ->> 'text' = '这是医院开的诊断书'")).hasSize(1);
    // A page that came back from before takes what is different for something else.
    assertThat(post(page, key, "", pdfs("化验单", 1)).statusCode()).isEqualTo(303);
    assertThat(papers(page)).hasSize(4);
    assertThat(remove(papers(page).getFirst()).statusCode()).isEqualTo(303);
    assertThat(bytes(papers(page).getFirst()).body()).isEqualTo(Samples.mp3(3).getBytes());

    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case added = COUNTER.cases.visibleTo(zhang, matter.id());
    assertThat(added.waitsForAnswer()).isTrue();
    assertThat(added.version()).as("nobody's step is outdated by it").isEqualTo(matter.version());
    assertThat(added.nextDueAt()).isEqualTo(matter.nextDueAt());
    assertThat(history(matter)).contains("居民在办理页交来 3 个材料");
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
    TOWN.until(
        "the sentence and the name of the document can be sought",
        () ->
            TOWN.sqlOne(
                    "SELECT count(*) FROM case_words WHERE words LIKE '%开的诊断书%' AND words LIKE '%诊断书.pdf%'")
                .equals("1"));

    // It may be looked at again, and no browser runs what is in it.
    HttpResponse<byte[]> document = bytes(paper(page, "诊断书.pdf"));
    assertThat(document.body()).isEqualTo(pdf.getBytes());
    assertThat(document.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment; filename*=UTF-8''");
    assertThat(document.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(document.headers().allValues("Content-Security-Policy"))
        .contains("default-src 'none'; sandbox");
    HttpResponse<byte[]> photo = bytes(paper(page, "现场.jpg"));
    assertThat(photo.headers().firstValue("Content-Type")).hasValue("image/jpeg");
    assertThat(photo.body()).startsWith((byte) 0xff, (byte) 0xd8);
    // On the page of another matter the same code opens nothing.
    String other = told("whole-neighbour", "垃圾桶满了");
    assertThat(get(other + paper(page, "诊断书.pdf").substring(page.length())).statusCode())
        .isEqualTo(404);
    assertThat(get(other).body()).doesNotContain("诊断书");

    // What was handed in by mistake goes, and what was in it.
    String wrong = paper(page, "诊断书.pdf");
    assertThat(remove(other + wrong.substring(page.length())).statusCode()).isEqualTo(404);
    assertThat(remove(wrong).headers().firstValue("Location"))
        .hasValue(page + "?taken-back=1#papers");
    assertThat(papers(page)).hasSize(2);
    assertThat(get(wrong).statusCode()).isEqualTo(404);
    assertThat(history(matter)).contains("居民收回了一个材料");
    assertThat(TOWN.sql("SELECT 1 FROM attachment WHERE name = '诊断书.pdf'")).isEmpty();
    assertThat(
            TOWN.sql("SELECT 1 FROM blob_chunk WHERE position('% of its own'::bytea IN bytes) > 0"))
        .isEmpty();
    TOWN.until(
        "nor is it found",
        () -> TOWN.sql("SELECT 1 FROM case_words WHERE words LIKE '%诊断书.pdf%'").isEmpty());
    TOWN.clock.pass(Duration.ofMinutes(11));
    HttpResponse<String> late = remove(paper(page, "现场.jpg"));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("超过 10 分钟", "现场.jpg").doesNotContain("没有交上去。");
  }

  @Test
  void whatComplainsAboutThoseWhoHaveItIsKeptFromThemWithItsFilesAndStaysTheirs() throws Exception {
    String page = told("aside", "楼道栏杆锈了");
    Case matter = matter(page);
    String key = key();
    HttpResponse<String> sent = post(page, key, "张伟主任收了好处，收条在这里", pdfs("收条", 1));
    assertThat(sent.statusCode()).isEqualTo(303);
    String to = sent.headers().firstValue("Location").orElseThrow();
    assertThat(get(to.replace("#papers", "")).body()).contains("交上去了，1 个。望澜街道", "收条");
    assertThat(post(page, key, "张伟主任收了好处，收条在这里", pdfs("收条", 1)).statusCode()).isEqualTo(303);
    assertThat(papers(page)).hasSize(1);
    String apart = code("收了好处，收条");
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    assertThat(TOWN.rooms().casework().handIns().of(zhang, matter.id())).isEmpty();
    assertThat(history(matter)).noneMatch(each -> each.contains("材料"));
    Staff wang = COUNTER.staff(Counter.WANG);
    Case kept = COUNTER.cases.visibleTo(wang, apart);
    String file =
        "/console/attachments/"
            + TOWN.rooms().casework().handIns().of(wang, kept.id()).getFirst().file().code();
    try (var deputy = Reader.of(TOWN, Counter.ZHANG);
        var street = Reader.of(TOWN, Counter.WANG)) {
      var _ = street.opens(file);
      assertThat(street.status()).isEqualTo(200);
      var _ = deputy.opens(file);
      assertThat(deputy.status()).isEqualTo(404);
    }
    assertThat(remove(papers(page).getFirst()).statusCode()).isEqualTo(303);
    assertThat(papers(page)).isEmpty();
    assertThat(COUNTER.events.broken(CaseEvent.VOCABULARY)).isEmpty();
  }

  @Test
  void whatIsNotTakenIsRefusedByNameAndNothingOfItIsKept() throws Exception {
    String page = told("refused", "门禁又坏了");
    refused(page, "“空.pdf”是空的", new Part("空.pdf", Buffer.buffer()));
    refused(
        page, "“大.pdf”太大了，一个最多 20 MB", new Part("大.pdf", Buffer.buffer(new byte[(20 << 20) + 1])));
    refused(page, "“工具.pdf”收不了", new Part("工具.pdf", Buffer.buffer("MZ\u0000\u0001")));
    refused(
        page,
        "“两面.pdf”收不了",
        new Part("两面.pdf", Samples.pdf().copy().appendBuffer(Samples.zip(Map.of("a", "b")))));
    refused(page, "“炸弹.docx”收不了", new Part("炸弹.docx", bomb()));
    refused(page, "“假.jpg”打不开", new Part("假.jpg", Buffer.buffer("\u0000no picture")));
    refused(page, "“长.mp3”有 6 分钟，录音最多 300 秒", new Part("长.mp3", Samples.mp3(301)));
    refused(page, "还没有选照片或文件");
    refused(page, "一次最多交 5 个", pdfs("多", 6).toArray(Part[]::new));
    // All or nothing: the good one before the bad one is not there either.
    refused(
        page,
        "“坏.pdf”收不了",
        new Part("好.pdf", Samples.pdf()),
        new Part("坏.pdf", Buffer.buffer("\u0000")));
    assertThat(post(page, "short", "", pdfs("钥匙", 1)).statusCode()).isEqualTo(422);
    assertThat(post(page, key(), "长".repeat(501), pdfs("话", 1)).body())
        .contains("最多 500 个字", "长长长");
    assertThat(post("/h5/cases/nosuchcodeatall1", key(), "", pdfs("无", 1)).statusCode())
        .isEqualTo(404);
    // Nobody else's page may send here for whoever has it open.
    assertThat(foreign(page, "Sec-Fetch-Site", "cross-site")).isEqualTo(403);
    assertThat(foreign(page, "Origin", "https://elsewhere.example")).isEqualTo(403);
    assertThat(tooMuch(page)).contains(" 413 ", "加在一起太大了");
    assertThat(papers(page)).isEmpty();
    assertThat(history(matter(page))).noneMatch(each -> each.contains("材料"));
    assertThat(TOWN.sql("SELECT 1 FROM message WHERE content ->> 'text' LIKE '长长%'")).isEmpty();
  }

  @Test
  void soMuchInADayAndSoMuchAltogether() throws Exception {
    String page = told("much", "楼道窗户关不上");
    for (int i = 0; i < 3; i++) {
      String key = key();
      assertThat(post(page, key, "", pdfs("第" + i + "次", 5)).statusCode()).isEqualTo(303);
      assertThat(post(page, key, "", pdfs("第" + i + "次", 5)).statusCode()).isEqualTo(303);
    }
    refused(page, "一天最多交 15 个", new Part("再来.pdf", Samples.pdf()));
    assertThat(papers(page)).hasSize(15);
    var _ = TOWN.sql("UPDATE handed_in SET at = at - interval '2 days'");
    for (int i = 0; i < 3; i++) {
      assertThat(post(page, key(), "", pdfs("又" + i + "次", 5)).statusCode()).isEqualTo(303);
    }
    var _ = TOWN.sql("UPDATE handed_in SET at = at - interval '2 days'");
    refused(page, "已经交满 30 个", new Part("再来.pdf", Samples.pdf()));
    assertThat(papers(page)).hasSize(30);
  }

  @Test
  void whoComesTooOftenWaitsAndNothingOfItIsRead() throws Exception {
    String page = told("often", "楼道灯闪个不停");
    int answered = 0;
    for (int i = 0; i < 25 && answered != 429; i++) {
      answered = post(page, key(), "", List.of()).statusCode();
    }
    assertThat(answered).isEqualTo(429);
  }

  /// What tells of danger rings as in the chat, whatever becomes of the form, and the page says
  /// whom to call.
  @Test
  void dangerRingsOnceAndIsAnsweredAtOnce() throws Exception {
    String page = told("danger", "楼道灯罩掉了");
    String key = key();
    List<Part> parts = pdfs("照片", 1);
    String to = post(page, key, "家头有股煤气味", parts).headers().firstValue("Location").orElseThrow();
    assertThat(get(to.replace("#danger", "")).body()).contains("打 119", "正在叫值班员", "交上去了，1 个");
    assertThat(ringing("家头有股煤气味")).containsExactly("gas");
    Case rings = COUNTER.cases.visibleTo(COUNTER.staff(Counter.ZHANG), code("家头有股煤气味"));
    assertThat(rings.state()).isEqualTo(CaseState.HANDED_OFF);
    assertThat(rings.personId()).isEqualTo(matter(page).personId());
    // The same sent again, and more of the same danger, ring no second alarm; that is told there.
    var _ = post(page, key, "家头有股煤气味", parts);
    assertThat(history(rings)).noneMatch(each -> each.contains("补充"));
    var _ = post(page, key(), "煤气味越来越重了", pdfs("又一张", 1));
    assertThat(ringing("煤气味越来越重了")).isEmpty();
    assertThat(history(rings)).filteredOn(each -> each.contains("补充")).hasSize(1);

    // Whoever has it is named to them in their chat.
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    long alarm = COUNTER.alarms.of(zhang, rings.id()).getFirst().id();
    var _ = COUNTER.alarms.acknowledge(zhang, alarm);
    assertThat(TOWN.follower("danger").awaitHeard("张伟").text()).isNotEmpty();
  }

  @Test
  void dangerRingsAlsoFromAFormThatIsRefused() throws Exception {
    String page = told("danger-refused", "楼道灯座松了");
    HttpResponse<String> none = post(page, key(), "楼上着火了", List.of());
    assertThat(none.statusCode()).isEqualTo(422);
    assertThat(none.body()).contains("打 119", "正在叫值班员", "楼上着火了");
    assertThat(ringing("楼上着火了")).containsExactly("fire");
  }

  @Test
  void dangerRingsAlsoWhereAnotherLookIsAskedForOrSomethingIsRated() throws Exception {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case refused =
        COUNTER.cases.visibleTo(zhang, COUNTER.told(COUNTER.resident("钱"), "说说从前的事").id());
    var _ =
        COUNTER
            .casework
            .rejecting()
            .reject(zhang, refused.id(), refused.version(), Rejecting.Reason.OUTSIDE, "请找厂里。");
    try (var resident = Reader.of(TOWN)) {
      Document page = resident.opens("/h5/cases/" + refused.code());
      page.expectFirst("#appeal textarea").val("灶台着火了没人管");
      page = resident.sends(page, "#appeal form");
      assertThat(page.expectFirst("#danger").text()).contains("打 119", "正在叫值班员");
      assertThat(page.select("#appeal").text()).contains("申请了复核");
      assertThat(ringing("灶台着火了没人管")).containsExactly("fire");

      String rated = told("danger-rated", "楼道灯管坏了");
      Case matter = matter(rated);
      matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
      var _ = COUNTER.finishAndAsk(zhang, matter.id(), matter.version(), "换了灯管");
      page = resident.opens(rated);
      Reader.choose(page.expectFirst("#rate form"), "solved", "no");
      page.expectFirst("#rate-words").val("换完漏电，有人触电了");
      page = resident.sends(page, "#rate form");
      assertThat(page.expectFirst("#danger").text()).contains("正在叫值班员");
      assertThat(page.select("#rate").text()).contains("没好就不算完");
      assertThat(ringing("有人触电了")).hasSize(1);
    }
  }

  /// The kinds of the alarms that ring for cases told in these words.
  private static List<String> ringing(String words) {
    return TOWN.sql(
        "SELECT a.kind FROM alarm a JOIN \"case\" c ON c.id = a.case_id WHERE a.acknowledged_at IS NULL AND c.what LIKE '%"
            + words
            + "%'");
  }

  @Test
  void whatIsOverTakesNothingAndSaysWhatToDo() throws Exception {
    String page = told("over", "楼道灯不亮了");
    assertThat(post(page, key(), "", pdfs("前", 1)).statusCode()).isEqualTo(303);
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case matter = matter(page);
    matter = COUNTER.handling.claim(zhang, matter.id(), matter.version());
    var _ = COUNTER.finish(zhang, matter.id(), matter.version(), "修好了");
    String seen = get(page).body();
    assertThat(seen).contains("前0.pdf").doesNotContain("从手机里选", "#hand-in");
    HttpResponse<String> late = post(page, key(), "", pdfs("后", 1));
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("这件事已经办完，这里不收材料了", "登记成新的一件");
    assertThat(papers(page)).hasSize(1);
  }

  @Test
  void aRelativeSeesWhatTheyHandedInAndWhoseItIsSeesAll() throws Exception {
    Phone father = TOWN.follower("father").scan("bld:" + COUNTER.place("88001001B3").code());
    father.says("大门口的灯坏了").says("对");
    Phone daughter = TOWN.follower("daughter");
    var code = CODE.matcher(father.says("让女儿帮我办").hears());
    assertThat(code.find()).isTrue();
    daughter.says("家人代办 " + code.group()).says("同意 林红");
    daughter.says("帮家人说：坡道太陡，轮椅上不去").says("对");
    Case matter = COUNTER.cases.visibleTo(COUNTER.staff(Counter.ZHANG), code("轮椅上不去"));
    String his = "/h5/cases/" + matter.code();
    String hers = "/h5/cases/" + matter.speakerCode();

    assertThat(post(hers, key(), "残疾证在这里", pdfs("残疾证", 1)).statusCode()).isEqualTo(303);
    assertThat(post(his, key(), "", pdfs("病历", 1)).statusCode()).isEqualTo(303);
    assertThat(get(hers).body()).contains("残疾证0.pdf").doesNotContain("病历0.pdf");
    assertThat(get(his).body()).contains("残疾证0.pdf", "家人代交", "病历0.pdf");
    assertThat(get(hers + paper(his, "病历0.pdf").substring(his.length())).statusCode())
        .isEqualTo(404);
    // Who handed it in takes it back, nobody else.
    assertThat(remove(his + paper(hers, "残疾证0.pdf").substring(hers.length())).statusCode())
        .isEqualTo(409);
    assertThat(history(matter)).contains("家人在办理页代交 1 个材料", "居民在办理页交来 1 个材料");

    // It is handed out to him, also what she brought.
    Map<String, byte[]> files = export(matter);
    String data = new String(files.get("data.json"), UTF_8);
    assertThat(data).contains("残疾证0.pdf", "病历0.pdf", "\"by_relative\" : true");
    assertThat(files.keySet().stream().filter(each -> each.endsWith(".pdf"))).hasSize(2);

    assertThat(father.says("不要家人代办").hears()).contains("不能再替您办");
    assertThat(post(hers, key(), "", pdfs("晚", 1)).statusCode()).isEqualTo(404);
    assertThat(get(his).body()).contains("残疾证0.pdf");

    // And it goes with him, also from where she is.
    var _ = TOWN.sql("UPDATE receipt SET received_at = received_at - interval '2 hours'");
    assertThat(personal().erase(matter.personId() == null ? 0 : matter.personId())).isPositive();
    assertThat(TOWN.sql("SELECT 1 FROM attachment WHERE name LIKE '残疾证%' OR name LIKE '病历%'"))
        .isEmpty();
    assertThat(TOWN.sql("SELECT 1 FROM message WHERE content::text LIKE '%残疾证%'")).isEmpty();
    assertThat(get(his).statusCode()).isEqualTo(404);
  }

  /// Whoever tries to send a document in the chat hears where it goes.
  @Test
  void theBotSaysWhereDocumentsGo() throws Exception {
    Phone sun = TOWN.follower("asks").scan("bld:" + COUNTER.place("88001001B3").code());
    assertThat(sun.says("怎么发文件").hears()).contains("先跟我说是什么事").doesNotContain("http");
    sun.says("楼顶漏水了").says("对");
    String page = LINK.matcher(sun.hears()).results().findFirst().orElseThrow().group();
    assertThat(sun.says("怎么发文件").hears()).contains(page, "交照片、文件");
    String newer =
        LINK.matcher(sun.says("发不了文件").hears()).results().findFirst().orElseThrow().group();
    assertThat(get(newer).body()).contains("楼顶漏水");
  }

  /// A page of ours that was opened, as the one who has it sends it.
  private HttpResponse<String> post(String page, String key, String words, List<Part> parts)
      throws Exception {
    return http.send(
        form(page, key, words, parts).header("Sec-Fetch-Site", "same-origin").build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder form(String page, String key, String words, List<Part> parts) {
    String mark = "----linyu-" + KEYS.incrementAndGet();
    Buffer body = Buffer.buffer();
    Map.of("key", key, "words", words)
        .forEach((name, value) ->
            body.appendString(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                    .formatted(mark, name, value)));
    for (Part each : parts) {
      body.appendString(
              "--%s\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                  .formatted(mark, each.name()))
          .appendBuffer(each.content())
          .appendString("\r\n");
    }
    body.appendString("--" + mark + "--\r\n");
    return HttpRequest.newBuilder(URI.create(TOWN.url(page + "/papers")))
        .header("Content-Type", "multipart/form-data; boundary=" + mark)
        .POST(BodyPublishers.ofByteArray(body.getBytes()));
  }

  private void refused(String page, String sentence, Part... parts) throws Exception {
    HttpResponse<String> no = post(page, key(), "门口的照片", List.of(parts));
    assertThat(no.statusCode()).as(sentence).isEqualTo(422);
    // On the page itself, and what was written is still there.
    assertThat(no.body()).contains("没有交上去。", sentence, "门口的照片</textarea>");
  }

  private int foreign(String page, String header, String value) throws Exception {
    return http.send(
            form(page, key(), "", pdfs("外", 1)).header(header, value).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  /// More than all files may have together is announced.
  private static String tooMuch(String page) throws IOException {
    URI uri = URI.create(TOWN.url(page + "/papers"));
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 200000000\r\n\r\n--x\r\n"
                  .formatted(uri.getPath())
                  .getBytes(UTF_8));
      var read = new StringBuilder();
      byte[] some = new byte[8_192];
      while (read.indexOf("加在一起太大了") < 0) {
        int n = socket.getInputStream().read(some);
        if (n < 0) {
          break;
        }
        read.append(new String(some, 0, n, UTF_8));
      }
      return read.toString();
    }
  }

  /// Says of itself that it unpacks to four gigabytes.
  private static Buffer bomb() {
    Buffer zip = Samples.docx().copy();
    int entry = 0;
    while (zip.getIntLE(entry) != 0x02014b50) {
      entry++;
    }
    return zip.setIntLE(entry + 24, -1);
  }

  private HttpResponse<String> remove(String paper) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(TOWN.url(paper + "/removal")))
            .POST(BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(TOWN.url(path))).build(), BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> bytes(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(TOWN.url(path))).build(), BodyHandlers.ofByteArray());
  }

  private static List<Part> pdfs(String name, int many) {
    var all = new ArrayList<Part>();
    for (int i = 0; i < many; i++) {
      all.add(new Part(name + i + ".pdf", Samples.pdf()));
    }
    return all;
  }

  /// The address of one that is on this page.
  private String paper(String page, String name) throws Exception {
    String body = get(page).body();
    int at = body.indexOf(name);
    assertThat(at).as(name).isPositive();
    return PAPER.matcher(body.substring(0, at)).results().toList().getLast().group();
  }

  private List<String> papers(String page) throws Exception {
    return PAPER.matcher(get(page).body()).results().map(each -> each.group()).distinct().toList();
  }

  private static String key() {
    return "key-of-the-page-" + KEYS.incrementAndGet();
  }

  /// @return the path of the page of what was told
  private static String told(String name, String what) {
    Phone phone =
        TOWN.follower(name).scan("bld:" + COUNTER.place("88001001B3").code()).says("三栋" + what);
    return LINK.matcher(phone.says("对").hears()).results().findFirst().orElseThrow().group();
  }

  private static Case matter(String page) {
    return COUNTER.cases.visibleTo(
        COUNTER.staff(Counter.ZHANG), page.substring(page.lastIndexOf('/') + 1));
  }

  private static String code(String what) {
    return TOWN.sqlOne("SELECT code FROM \"case\" WHERE what LIKE '%" + what + "%'");
  }

  private static List<String> history(Case matter) {
    return COUNTER.cases.history(COUNTER.staff(Counter.ZHANG), matter.id()).stream()
        .map(Line::sentence)
        .toList();
  }

  private static PersonalData personal() {
    return new PersonalData(COUNTER.db(), COUNTER.community, TOWN.clock);
  }

  private static Map<String, byte[]> export(Case matter) throws IOException {
    var files = new HashMap<String, byte[]>();
    Long person = matter.personId();
    var _ = personal().export(person == null ? 0 : person, "zh", TOWN.settings.zone(), files::put);
    return files;
  }
}
