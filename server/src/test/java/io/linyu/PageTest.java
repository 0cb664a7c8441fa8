package io.linyu;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Pages in a real browser. Playwright serves one thread at a time, so these classes wait for each
/// other. Whatever the browser complains about, such as a breach of the Content-Security-Policy,
/// fails the test.
@InBrowser
@ResourceLock("browser")
public abstract class PageTest {
  private static final int DEADLINE = 8_000;

  private final List<BrowserContext> visitors = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

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
    BrowserContext visitor = World.browser().newContext(how.setLocale("zh-CN"));
    visitors.add(visitor);
    visitor.setDefaultTimeout(DEADLINE);
    Page page = visitor.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        complaints.add(message.text() + " " + message.location());
      }
    });
    page.onPageError(complaints::add);
    return page;
  }

  /// For what a test brings about on purpose, such as an answer of 403.
  protected void forgive(String expected) {
    assertThat(complaints).anyMatch(each -> each.contains(expected));
    complaints.removeIf(each -> each.contains(expected));
  }

  @AfterEach
  void nothingWasComplainedAbout() {
    visitors.forEach(BrowserContext::close);
    assertThat(complaints).as("complaints of the browser").isEmpty();
  }
}
