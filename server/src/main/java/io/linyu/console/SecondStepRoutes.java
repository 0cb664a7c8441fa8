package io.linyu.console;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.SecondFactors.Kind;
import io.linyu.console.SignIn.Coming;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The second step of signing in: a code, or setting up what will show codes from now on.
public final class SecondStepRoutes implements Routes {
  /// @param byRecovery whether a recovery code was tried
  public record CodePage(
      Words words,
      String theme,
      String form,
      String to,
      boolean byRecovery,
      @Nullable String refused) {}

  public record SetUpPage(Words words, String theme, SetUpForm setUp) {}

  /// @param to where to go then
  public record CodesPage(Words words, String theme, String name, List<String> codes, String to) {}

  private final SignIn signIn;
  private final SessionRoutes door;
  private final Page page;

  SecondStepRoutes(SignIn signIn, SessionRoutes door, Page page) {
    this.signIn = signIn;
    this.door = door;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(Guard.SECOND).handler(sequential(this::show));
    router.post(Guard.SECOND).handler(sequential(this::prove));
    router.post(Guard.SET_UP).handler(sequential(this::setUp));
  }

  private void show(RoutingContext rc) {
    if (SessionRoutes.half(rc) == null) {
      Htmx.see(rc, Guard.SIGN_IN);
      return;
    }
    coming(rc).ifPresent(who -> show(rc, who, false, null));
  }

  private void show(RoutingContext rc, Coming who, boolean recovery, @Nullable Refusal refused) {
    Words words = Frame.words(rc, who.staff().language());
    String form = who.session().form();
    String to = SessionRoutes.within(rc.request().getParam("to"));
    String why = refused == null ? null : words.of(refused);
    rc.response().setStatusCode(refused == null ? 200 : refused.status());
    if (who.isSettingUp()) {
      String secret = signIn.secretFor(who);
      var setUp = SetUpForm.of(words, who.staff(), secret, Guard.SET_UP, form, to, why);
      page.send(rc, "console/set-up", new SetUpPage(words, Frame.theme(rc), setUp));
    } else {
      page.send(
          rc, "console/second", new CodePage(words, Frame.theme(rc), form, to, recovery, why));
    }
  }

  private void prove(RoutingContext rc) {
    String recovery = SessionRoutes.field(rc, "recovery");
    Kind kind = recovery.isEmpty() ? Kind.CODE : Kind.RECOVERY;
    String typed = recovery.isEmpty() ? SessionRoutes.field(rc, "code") : recovery;
    coming(rc)
        .ifPresent(who -> {
          try {
            requireForm(rc, who);
            door.enter(rc, signIn.prove(who, kind, typed, Caller.ip(rc)));
            Htmx.see(rc, SessionRoutes.within(SessionRoutes.field(rc, "to")));
          } catch (Refusal refused) {
            show(rc, who, kind == Kind.RECOVERY, refused);
          }
        });
  }

  private void setUp(RoutingContext rc) {
    coming(rc)
        .ifPresent(who -> {
          try {
            requireForm(rc, who);
            SignIn.SetUp done = signIn.setUp(who, SessionRoutes.field(rc, "code"), Caller.ip(rc));
            door.enter(rc, done.session());
            Words words = Frame.words(rc, who.staff().language());
            String to = SessionRoutes.within(SessionRoutes.field(rc, "to"));
            page.send(
                rc,
                "console/codes",
                new CodesPage(words, Frame.theme(rc), who.staff().name(), done.codes(), to));
          } catch (Refusal refused) {
            show(rc, who, false, refused);
          }
        });
  }

  /// Who has shown a password; otherwise they are asked for it again.
  private Optional<Coming> coming(RoutingContext rc) {
    String half = SessionRoutes.half(rc);
    try {
      Optional<Coming> who = half == null ? Optional.empty() : signIn.comingBy(half);
      if (who.isEmpty()) {
        door.leaveHalf(rc);
        door.ask(rc, "", new Refusal("second-step-over", 401));
      }
      return who;
    } catch (Redis.Away away) {
      door.ask(rc, "", new Refusal("redis-away", 503));
      return Optional.empty();
    }
  }

  private static void requireForm(RoutingContext rc, Coming who) {
    if (!who.session().isForm(SessionRoutes.field(rc, Frame.FORM))) {
      throw new Refusal("form-outdated", 403);
    }
  }
}
