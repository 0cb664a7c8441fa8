package io.linyu;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;
import org.jsoup.select.Elements;

/// Somebody who opens pages and sends the forms that are on them, as a browser without scripts
/// does, and at a hundredth of its cost. What runs in scripts, comes by itself, or is to fit a
/// width needs a real one ([PageTest]).
public final class Reader implements AutoCloseable {
  private final Neighbourhood town;
  private final Visitor visitor = Visitor.elsewhere();
  private int status;

  private Reader(Neighbourhood town) {
    this.town = town;
  }

  /// Who is not signed in, such as a resident on the page of their matter.
  public static Reader of(Neighbourhood town) {
    return new Reader(town);
  }

  /// A member of staff, signed in.
  public static Reader of(Neighbourhood town, String who) {
    var reader = new Reader(town);
    Document door = reader.opens("/console");
    door.expectFirst("#login").val(who);
    door.expectFirst("#password").val(Counter.PASSWORD);
    Document in = reader.sends(door, "form[action=/console/session]");
    assertThat(in.location()).contains("/console/cases");
    return reader;
  }

  /// Goes where it is sent, to the end.
  public Document opens(String path) {
    return end(visitor.get(url(path)), url(path));
  }

  /// What a page brings in after it, such as the conversation beside a case.
  public Document part(Document page, String css) {
    return opens(page.expectFirst(css).attr("hx-get"));
  }

  /// Sends this form with the fields as they stand, and goes where that leads. A test writes into
  /// them before, and finds it at fault when the form is not there.
  public Document sends(Document page, String form) {
    Elements found = page.select(form);
    assertThat(found).as(form).hasSize(1);
    var sent = (FormElement) found.getFirst();
    assertThat(sent.attr("method")).isEqualTo("post");
    String to = sent.absUrl("action");
    return end(
        visitor.post(
            to,
            sent.formData().stream()
                .map(each -> pair(each.key(), each.value()))
                .collect(Collectors.joining("&"))),
        to);
  }

  /// Sends what no page of ours has a form for.
  ///
  /// @param fields as `name=value`, which need no escaping
  public Document posts(String path, String fields) {
    return end(visitor.post(url(path), fields), url(path));
  }

  /// The same from a page of somebody else's.
  public Document postsFrom(String origin, String path, String fields) {
    return end(visitor.postFrom(origin, url(path), fields), url(path));
  }

  /// What a browser has of us by that name is gone.
  public void forgets(String cookie) {
    visitor.forget(town.url(""), cookie);
  }

  /// Of what was read last.
  public int status() {
    return status;
  }

  /// Marks one of several in a form, by its name and value.
  public static void choose(Element form, String name, String value) {
    form.select("[name=" + name + "]").removeAttr("checked");
    Element one = form.expectFirst("[name=" + name + "][value=" + value + "]");
    one.attr("checked", "checked");
  }

  /// The same in a list, by what is said of it.
  public static void pick(Element list, String says) {
    list.select("option").removeAttr("selected");
    list.expectFirst("option:contains(" + says + ")").attr("selected", "selected");
  }

  private String url(String path) {
    return path.startsWith("http") ? path : town.url(path);
  }

  private Document end(Visitor.Seen seen, String url) {
    Visitor.Seen at = seen;
    String from = url;
    for (int steps = 0; !at.to().isEmpty() && steps < 10; steps++) {
      from = at.to();
      at = visitor.get(from);
    }
    status = at.status();
    return Jsoup.parse(at.body(), from);
  }

  private static String pair(String key, String value) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    visitor.close();
  }
}
