package io.linyu;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ServiceWorkerPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Pages in a real browser, which a class has for itself. Whatever the browser complains about,
/// such as a breach of the Content-Security-Policy, fails the test.
@InBrowser
public abstract class PageTest {
  /// Many things run beside.
  private static final int DEADLINE = 30_000;

  /// A class has one thread, and an address of its own.
  private static final ThreadLocal<Map<String, List<Cookie>>> SIGNED_IN =
      ThreadLocal.withInitial(HashMap::new);

  static {
    PlaywrightAssertions.setDefaultAssertionTimeout(DEADLINE);
  }

  private final List<BrowserContext> visitors = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final Set<String> forgiven = new HashSet<>();
  private final Set<String> tolerated = new HashSet<>();
  private final List<String> asked = new ArrayList<>();

  /// What the pages asked for, when a test fails.
  @RegisterExtension
  final TestExecutionExceptionHandler told =
      (_, failed) -> {
        asked.forEach(System.err::println);
        throw failed;
      };

  protected Page desktop() {
    return page(new NewContextOptions().setViewportSize(1440, 900));
  }

  protected Page phone() {
    return page(
        new NewContextOptions()
            .setViewportSize(390, 844)
            .setHasTouch(true)
            .setIsMobile(true)
            .setDeviceScaleFactor(2));
  }

  protected Page page(NewContextOptions how) {
    // What moves is drawn again and again, at the cost of all other tests.
    BrowserContext visitor =
        World.lendBrowser(getClass())
            .newContext(
                // What a service worker answers is out of a test's reach: only where it is meant.
                (how.serviceWorkers == null
                        ? how.setServiceWorkers(ServiceWorkerPolicy.BLOCK)
                        : how)
                    .setLocale(how.locale == null ? "zh-CN" : how.locale)
                    .setReducedMotion(ReducedMotion.REDUCE));
    visitors.add(visitor);
    visitor.setDefaultTimeout(DEADLINE);
    Page page = visitor.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        complaints.add(message.text() + " " + message.location());
      }
    });
    page.onPageError(complaints::add);
    page.onRequest(request -> {
      if (request.method().equals("POST")) {
        asked.add("%s sends %s %s".formatted(Instant.now(), request.url(), request.postData()));
      }
    });
    page.onResponse(response ->
        asked.add(
            "%s %d %s %s"
                .formatted(
                    Instant.now(),
                    response.status(),
                    response.request().method(),
                    response.url())));
    page.onRequestFailed(request ->
        asked.add(
            "%s %s %s %s"
                .formatted(Instant.now(), request.failure(), request.method(), request.url())));
    return page;
  }

  /// Stands on the inbox as this person; the first time by signing in.
  ///
  /// @param console the address of `/console`
  protected static Page enter(Page page, String console, String who) {
    List<Cookie> known = SIGNED_IN.get().get(console + who);
    if (known != null) {
      page.context().addCookies(known);
      page.navigate(console);
    } else {
      page.navigate(console);
      page.fill("#login", who);
      page.fill("#password", Counter.PASSWORD);
      page.locator("button.btn-primary").click();
    }
    page.waitForURL("**/console/cases**");
    var _ = SIGNED_IN.get().putIfAbsent(console + who, page.context().cookies());
    return page;
  }

  /// For what a test brings about on purpose, such as an answer of 403: complaints of it may come
  /// until the end, and one must.
  protected void forgive(String expected) {
    forgiven.add(expected);
  }

  /// For what comes only when something happens to be asked for just then, as while the network is
  /// cut: complaints of it may come, and need not.
  protected void tolerate(String possible) {
    tolerated.add(possible);
  }

  @AfterAll
  static void leaveTheBrowser(TestInfo tests) {
    SIGNED_IN.remove();
    World.takeBrowserBack(tests.getTestClass().orElseThrow());
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    for (String expected : forgiven) {
      // The browser complains when it comes to it.
      visitors
          .getLast()
          .pages()
          .getLast()
          .waitForCondition(() -> complaints.stream().anyMatch(each -> each.contains(expected)));
    }
    // Else a request that is held back at this moment is told to a page that is gone.
    visitors.forEach(visitor -> visitor.pages().forEach(Page::unrouteAll));
    visitors.forEach(BrowserContext::close);
    complaints.removeIf(each ->
        forgiven.stream().anyMatch(each::contains) || tolerated.stream().anyMatch(each::contains));
    assertThat(complaints).as("complaints of the browser").isEmpty();
  }
}
