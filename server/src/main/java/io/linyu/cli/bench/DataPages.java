package io.linyu.cli.bench;

import io.linyu.cli.bench.DataTrial.Timed;
import io.linyu.community.Level;
import io.linyu.community.Territory;
import io.linyu.demo.Town;
import io.linyu.platform.http.Frame;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// Pages asked for one after the other, as somebody does who works with them. Timed at the client,
/// on the loopback: from the request to the last byte of the answer.
final class DataPages implements AutoCloseable {
  private static final int INBOX = 30;
  private static final int CASE = 20;
  private static final int OTHER = 100;
  private static final int SPREAD = 200;
  private static final int WARMING = 1_000;
  private static final List<String> VIEWS =
      List.of("mine", "desk", "unclaimed", "due_soon", "overdue", "all_open", "closed");

  /// Words of titles: common, seldom, of one character, and none of anybody's.
  private static final List<String> WORDS = List.of("路灯", "调解", "狗", "麒麟");

  /// What stands in answers and notes, in most and in some; a place, and a word that is said there;
  /// one of a place only; what nobody has said, of characters that everybody uses.
  private static final List<String> SAID = List.of("师傅", "施工方", "清月园 路灯", "清月园社区", "办好路灯");

  /// Lists by filters, which have indexes of their own or are read through.
  private static final List<String> NARROWED =
      List.of(
          "closed&category=0406",
          "all_open&category=0406&late=yes",
          "closed&urgency=emergency",
          "closed&from=2025-01-01&to=2025-01-31",
          "all_open&state=any&place=" + encoded("清月园社区3栋"),
          "all_open&state=any&q=" + encoded("路灯") + "&category=0406");

  private final DataGround ground;
  private final int requests;
  private final DataStore store = new DataStore();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Timed> all = new ArrayList<>();
  private Consumer<Timed> listener = _ -> {};
  private int from;

  DataPages(DataGround ground, int requests) {
    this.ground = ground;
    this.requests = requests;
  }

  /// @param told each as it comes
  List<Timed> measure(Consumer<Timed> told) throws IOException {
    listener = told;
    Territory busy = ground.community().territories().byCode(DataGround.BUSY).orElseThrow();
    Territory street =
        ground.community().territories().ancestorOf(busy, Level.STREET).orElseThrow();
    String building = store.worker(ground.db(), "building_head", busy.path()).orElseThrow().code();
    ground.admit(List.of(Town.REN.code(), Town.WEI.code(), Town.ZHANG.code(), building));
    String community = signIn(Town.REN.code());
    String leader = signIn(Town.WEI.code());
    String district = signIn(Town.ZHANG.code());
    String head = signIn(building);

    warm(List.of(community, leader, district));
    lists("community", community, busy.id());
    lists("street", leader, street.id());
    lists("district", district, 0);
    time("building", "view.desk", INBOX, head, List.of("/console/cases"));
    time("building", "view.all_open", INBOX, head, List.of("/console/cases?view=all_open"));

    List<String> open = store.cases(ground.db(), busy.id(), true, SPREAD);
    List<String> closed = store.cases(ground.db(), busy.id(), false, SPREAD);
    cases("community", community, open, closed);
    cases("district", district, open, closed);
    List<String> talk = store.casesOf(ground.db(), 1);
    time("community", "case.pane.long", CASE, community, pane(talk));
    time(
        "community",
        "talk.long",
        CASE,
        community,
        talk.stream().map(each -> "/console/conversations/1?case=" + each).toList());

    String audit = "/console/audit";
    time("district", "audit", OTHER, district, List.of(audit));
    time("district", "audit.who", OTHER, district, List.of(audit + "?who=" + Town.REN.code()));
    time("district", "audit.what", OTHER, district, List.of(audit + "?what=staff_added"));
    residents(closed);
    return List.copyOf(all);
  }

  /// The server's compilers have come to an end before anything is measured.
  private void warm(List<String> sessions) throws IOException {
    List<String> codes = store.numbers(ground.db(), 1);
    for (int i = 0; i < WARMING; i++) {
      String session = sessions.get(i % sessions.size());
      var _ = get(session, "/console/cases?view=" + VIEWS.get(i % VIEWS.size()));
      if (i % 10 == 0) {
        var _ = get(session, "/console/cases?q=" + codes.getFirst());
      }
    }
  }

  private void lists(String who, String session, long unit) throws IOException {
    for (String view : VIEWS) {
      time(who, "view." + view, INBOX, session, List.of("/console/cases?view=" + view));
    }
    for (String view : List.of("all_open", "closed")) {
      boolean closed = view.equals("closed");
      String place =
          store.deep(
              ground.db(),
              closed ? "closed_at" : "next_due_at",
              closed,
              who.equals("community") ? unit : 0,
              50_000);
      time(
          who,
          "deep." + view,
          INBOX,
          session,
          List.of("/console/cases?view=" + view + "&after=" + encoded(place)));
    }
    time(who, "tabs", INBOX, session, List.of("/console/cases/tabs?view=desk"));
    List<String> numbers = store.numbers(ground.db(), SPREAD);
    search(who, "search.number", session, numbers);
    search(who, "search.end", session, numbers.stream().map(DataPages::end).toList());
    search(
        who,
        "search.beginning",
        session,
        numbers.stream().map(each -> each.replace("-", "").substring(0, 4)).toList());
    for (int i = 0; i < WORDS.size(); i++) {
      search(who, "search.words" + (i + 1), session, List.of(WORDS.get(i)));
    }
    for (int i = 0; i < SAID.size(); i++) {
      search(who, "search.said" + (i + 1), session, List.of(SAID.get(i)));
    }
    for (int i = 0; i < NARROWED.size(); i++) {
      time(
          who,
          "narrowed" + (i + 1),
          INBOX,
          session,
          List.of("/console/cases?view=" + NARROWED.get(i)));
    }
  }

  private void search(String who, String what, String session, List<String> sought)
      throws IOException {
    time(
        who,
        what,
        INBOX,
        session,
        sought.stream().map(each -> "/console/cases?view=all_open&q=" + encoded(each)).toList());
  }

  private static String end(String number) {
    String digits = number.replace("-", "");
    return digits.substring(digits.length() - 4);
  }

  private void cases(String who, String session, List<String> open, List<String> closed)
      throws IOException {
    time(who, "case.pane.open", CASE, session, pane(open));
    time(who, "case.pane.closed", CASE, session, pane(closed));
    time(
        who,
        "case.page",
        INBOX + CASE,
        session,
        closed.stream().map(each -> "/console/cases/" + each).toList());
  }

  /// Beside the list, as it is opened there.
  private static List<String> pane(List<String> codes) {
    return codes.stream().map(each -> "pane /console/cases/" + each).toList();
  }

  private void residents(List<String> closed) throws IOException {
    List<String> addresses = store.addresses(ground.db(), 1, SPREAD);
    time(
        "resident",
        "matters",
        OTHER,
        "",
        addresses.stream().map(each -> "/h5/inbox/" + each).toList());
    time("resident", "matters.many", OTHER, "", List.of("/h5/inbox/" + addresses.getFirst()));
    time(
        "resident",
        "followed",
        OTHER,
        "",
        closed.stream().map(each -> "/h5/cases/" + each).toList());
  }

  private void time(String who, String what, int wish, String session, List<String> paths)
      throws IOException {
    if (paths.isEmpty()) {
      throw new IllegalStateException("nothing to ask for: " + what);
    }
    for (int i = 0; i < Math.max(20, requests / 4); i++) {
      var _ = get(session, paths.get(i % paths.size()));
    }
    var times = new Histogram(60_000_000, 3);
    long bytes = 0;
    for (int i = 0; i < requests; i++) {
      long began = System.nanoTime();
      bytes += get(session, paths.get(i % paths.size())).body().length;
      times.recordValue(Math.min((System.nanoTime() - began) / 1_000, 59_999_999));
    }
    var timed =
        new Timed(
            who,
            what,
            List.of(
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(95),
                times.getMaxValue()),
            wish,
            bytes / requests);
    all.add(timed);
    listener.accept(timed);
  }

  private HttpResponse<byte[]> get(String session, String path) throws IOException {
    boolean pane = path.startsWith("pane ");
    String plain = pane ? path.substring(5) : path;
    var request =
        HttpRequest.newBuilder(URI.create(ground.server().url(plain)))
            .header("Cookie", "linyu_session=" + session)
            .header("Accept-Encoding", "gzip");
    if (pane) {
      request.header("HX-Request", "true").header("HX-Target", "pane");
    }
    if (plain.startsWith("/h5/")) {
      // As many residents as pages: none asks more often than a person does.
      from++;
      request.header("X-Forwarded-For", "198.18." + from / 250 % 250 + "." + from % 250);
    }
    HttpResponse<byte[]> answer = send(request.build());
    if (answer.statusCode() != 200) {
      throw new IOException(plain + " answers with " + answer.statusCode());
    }
    return answer;
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// @return what the cookie says from then on
  private String signIn(String login) throws IOException {
    String form = "the-same-in-both";
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(URI.create(ground.server().url("/console/session")))
                .header("Cookie", "linyu_form=" + form)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "%s=%s&login=%s&password=%s"
                            .formatted(Frame.FORM, form, login, Town.PASSWORD)))
                .build());
    return answer.headers().allValues("set-cookie").stream()
        .filter(each -> each.startsWith("linyu_session="))
        .map(each -> each.substring("linyu_session=".length(), each.indexOf(';')))
        .findFirst()
        .orElseThrow(() -> new IOException(login + " does not come in: " + answer.statusCode()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
