package io.linyu.reception;

import io.linyu.channel.DayFigures;
import io.linyu.channel.Menus;
import io.linyu.channel.Standing;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages about our accounts on platforms are given.
public final class PublicAccountPages {
  private PublicAccountPages() {}

  /// @param failed what the platform said when it was asked for its limits
  public record Accounts(Frame frame, List<Account> accounts, @Nullable String failed) {}

  /// @param label such as `微信·主号`
  /// @param troubles what somebody must put right
  /// @param probe null: it cannot be tried whether residents get through
  /// @param leave null: the account sends no notices that need leave
  /// @param days of the platform's own figures, the newest first
  public record Account(
      Frame frame,
      String label,
      Standing standing,
      Troubles troubles,
      ProbePages.@Nullable Card probe,
      List<Count> sends,
      @Nullable Leave leave,
      List<Day> days,
      boolean hasMenu) {
    private static final int TALLEST = 40;

    public Words words() {
      return frame.words();
    }

    public Moments moments() {
      return frame.moments();
    }

    public String name() {
      return standing.account();
    }

    /// How the key that we ask with is.
    public String token() {
      Instant since = standing.tokenSince();
      Instant until = standing.tokenUntil();
      if (since == null || until == null) {
        return words().of("accounts.no-token");
      }
      if (!until.isAfter(moments().now())) {
        return words().of("accounts.token-over", moments().at(until));
      }
      return words()
          .of(
              "accounts.token",
              moments().span(Duration.between(since, moments().now())),
              moments().at(until));
    }

    public String call(Standing.Use use) {
      return call(use.call());
    }

    public String call(String call) {
      return named(words(), call);
    }

    /// What a number means, and what to do.
    public String code(Standing.Refusal refusal) {
      String key = "account-code." + refusal.code();
      return words().of(words().has(key) ? key : "account-code.other");
    }

    public String ended(Count count) {
      String key = "accounts.ended." + count.ended();
      return words().has(key) ? words().of(key) : count.ended();
    }

    /// Of how many people follow, the height of a bar.
    public int height(Day day) {
      long most = days.stream().mapToLong(each -> value(each.figures().messages())).max().orElse(0);
      return most == 0 ? 0 : (int) (value(day.figures().messages()) * TALLEST / most);
    }

    private static long value(@Nullable Long figure) {
      return figure == null ? 0 : figure;
    }

    public String figure(@Nullable Long figure) {
      return figure == null ? "–" : Long.toString(figure);
    }
  }

  /// A kind of call in words, where we have them.
  static String named(Words words, String call) {
    String key = "account-call." + call.replace('/', '.');
    return words.has(key) ? words.of(key) : call;
  }

  /// What an account suffers from, and trying again what is left alone because of it.
  ///
  /// @param url of the account
  /// @param may whether the reader may have it tried again
  /// @param said the result of having done so; null: nobody has
  /// @param later where what became of it is asked for, once; null: nowhere
  public record Troubles(
      Frame frame,
      String url,
      String account,
      List<Held> all,
      boolean may,
      @Nullable String said,
      @Nullable String later) {
    public String id() {
      return "troubles-" + account;
    }
  }

  /// @param sentence what is wrong, and what to do
  /// @param what the kind of call, in words
  /// @param call the same, as it is sent back
  /// @param held its time has not come yet; else the next call tries by itself
  public record Held(String sentence, String what, String call, boolean held) {}

  /// @param day of the platform
  public record Day(LocalDate day, DayFigures figures) {}

  /// How many messages of our own went a way and ended so.
  ///
  /// @param way a rung, or `inbox`: no way was open
  /// @param ended `delivered`, `unknown`, `refused` …
  public record Count(String way, String ended, long today, long week) {}

  /// @param more there are more than were counted
  public record Leave(long people, long left, long standing, boolean more) {}

  /// The menu of one account, as a phone has it and as the file would make it.
  ///
  /// @param allowed whether the account's menu can be set by us
  /// @param failed what the platform said
  /// @param problems a sentence for each, with its line
  /// @param may whether the reader may publish
  public record MenuPage(
      Frame frame,
      String account,
      String label,
      boolean allowed,
      @Nullable String failed,
      List<Menus.Button> published,
      List<Menus.Button> staged,
      String file,
      boolean missing,
      List<String> problems,
      List<Change> changes,
      @Nullable String seen,
      boolean may) {
    public boolean isSame() {
      return changes.stream().noneMatch(each -> !each.kind().equals("same"));
    }

    public boolean mayPublish() {
      return allowed && may && seen != null && !isSame() && failed == null;
    }
  }

  /// @param kind `same`, `new`, `gone`
  public record Change(String kind, String line) {}

  /// One phone with a menu at its foot.
  public record PhoneMenu(Words words, String title, List<Menus.Button> buttons) {}
}
