package io.linyu.console;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.SecondFactors;
import io.linyu.community.SecondFactors.Kind;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Totp;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Somebody's own account: who the system takes them for, and their second factor.
public final class AccountRoutes implements Routes {
  static final String ACCOUNT = "/console/account";
  private static final String FACTOR = ACCOUNT + "/factor";
  private static final String FIRST_CODE = FACTOR + "/code";
  private static final String END = FACTOR + "/end";
  private static final String CODES = ACCOUNT + "/codes";

  /// @param state null: there is no second factor
  /// @param isRequired it cannot be turned off
  /// @param refused why something did not work, in words
  /// @param at the form it did not work in
  /// @param chat where they are called in a chat; null: nowhere
  public record AccountPage(
      Frame frame,
      Staff staff,
      SecondFactors.@Nullable State state,
      boolean isRequired,
      @Nullable String refused,
      String at,
      StaffAddresses.@Nullable Bound chat) {
    /// The channel and the account, in words.
    public String chatLabel() {
      if (chat == null) {
        return "";
      }
      String named = "account." + chat.account();
      var words = frame.words();
      return words.of(
          "way.label",
          words.of("channel." + chat.channel()),
          words.has(named) ? words.of(named) : chat.account());
    }
  }

  public record FactorPage(Frame frame, SetUpForm setUp) {}

  /// @param isNew the second factor has just been turned on
  public record NewCodesPage(Frame frame, boolean isNew, List<String> codes) {}

  private final SecondFactors factors;
  private final StaffAddresses chats;
  private final SignIn signIn;
  private final Sessions sessions;
  private final Enrolments enrolments;
  private final Tries tries;
  private final Page page;
  private final Predicate<String> needsSecond;

  AccountRoutes(
      SecondFactors factors,
      StaffAddresses chats,
      SignIn signIn,
      Sessions sessions,
      Enrolments enrolments,
      Tries tries,
      Page page,
      Predicate<String> needsSecond) {
    this.factors = factors;
    this.chats = chats;
    this.signIn = signIn;
    this.sessions = sessions;
    this.enrolments = enrolments;
    this.tries = tries;
    this.page = page;
    this.needsSecond = needsSecond;
  }

  @Override
  public void mount(Router router) {
    router.get(ACCOUNT).handler(sequential(rc -> show(rc, null, "")));
    router.post(FACTOR).handler(sequential(this::begin));
    router.get(FACTOR).handler(sequential(rc -> showSecret(rc, null)));
    router.post(FIRST_CODE).handler(sequential(this::turnOn));
    router.post(CODES).handler(sequential(this::renewCodes));
    router.post(END).handler(sequential(this::turnOff));
    // Where a page was the answer to a form: whoever loads it again sees no codes, but no dead end.
    List.of(FIRST_CODE, CODES, END)
        .forEach(each -> router.get(each).handler(rc -> Htmx.see(rc, ACCOUNT)));
  }

  private void show(RoutingContext rc, @Nullable Refusal refused, String at) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    rc.response().setStatusCode(refused == null ? 200 : refused.status());
    page.send(
        rc,
        "console/account",
        new AccountPage(
            frame,
            staff,
            factors.of(staff.id()).orElse(null),
            needsSecond.test(staff.role()),
            refused == null ? null : frame.words().of(refused),
            at,
            chats.of(staff).orElse(null)));
  }

  /// Not everybody who finds a desk unattended may bind a telephone of their own.
  private void begin(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    try {
      counted(
          rc,
          () -> {
            boolean fits = signIn.hasPassword(staff, SessionRoutes.field(rc, "password"));
            if (!fits) {
              factors.writeFailed(who(rc), staff.id(), "password");
            }
            return fits;
          },
          new Refusal("wrong-own-password", 422));
      enrolments.draw(Guard.session(rc));
      Htmx.see(rc, FACTOR);
    } catch (Refusal refused) {
      show(rc, refused, "on");
    }
  }

  private void showSecret(RoutingContext rc, @Nullable Refusal refused) {
    Staff staff = Staff.signedIn(rc);
    Optional<String> secret = enrolments.drawn(Guard.session(rc));
    if (secret.isEmpty() || factors.of(staff.id()).isPresent()) {
      Htmx.see(rc, ACCOUNT);
      return;
    }
    Frame frame = Frame.of(rc);
    String why = refused == null ? null : frame.words().of(refused);
    rc.response().setStatusCode(refused == null ? 200 : refused.status());
    var setUp =
        SetUpForm.of(frame.words(), staff, secret.get(), FIRST_CODE, frame.form(), ACCOUNT, why);
    page.send(rc, "console/factor", new FactorPage(frame, setUp));
  }

  private void turnOn(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Optional<String> secret = enrolments.drawn(Guard.session(rc));
    if (secret.isEmpty()) {
      Htmx.see(rc, ACCOUNT);
      return;
    }
    try {
      tries.countSecond(Caller.ip(rc), staff.id());
      List<String> codes =
          factors
              .turnOn(who(rc), staff.id(), secret.get(), SessionRoutes.field(rc, "code"))
              .orElseThrow(() -> new Refusal("wrong-first-code", 422));
      sessions.goOn(Guard.session(rc));
      tries.forgiveSecond(Caller.ip(rc), staff.id());
      enrolments.forget(Guard.session(rc));
      page.send(rc, "console/new-codes", new NewCodesPage(Frame.of(rc), true, codes));
    } catch (Refusal refused) {
      showSecret(rc, refused);
    }
  }

  private void renewCodes(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    try {
      tries.countSecond(Caller.ip(rc), staff.id());
      List<String> codes =
          factors
              .renewCodes(who(rc), staff.id(), SessionRoutes.field(rc, "code"))
              .orElseThrow(() -> new Refusal("wrong-code", 422));
      tries.forgiveSecond(Caller.ip(rc), staff.id());
      page.send(rc, "console/new-codes", new NewCodesPage(Frame.of(rc), false, codes));
    } catch (Refusal refused) {
      show(rc, refused, "codes");
    }
  }

  private void turnOff(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String typed = SessionRoutes.field(rc, "code");
    Kind kind = Totp.plain(typed).matches("\\d{6}") ? Kind.CODE : Kind.RECOVERY;
    try {
      if (needsSecond.test(staff.role())) {
        throw new Refusal("second-factor-required", 409);
      }
      counted(
          rc,
          () -> {
            boolean fits = signIn.hasPassword(staff, SessionRoutes.field(rc, "password"));
            return factors.turnOff(who(rc), staff.id(), fits, kind, typed);
          },
          new Refusal("wrong-password-or-code", 422));
      sessions.goOn(Guard.session(rc));
      Htmx.see(rc, ACCOUNT + "?done=factor-off");
    } catch (Refusal refused) {
      show(rc, refused, "off");
    }
  }

  private void counted(RoutingContext rc, BooleanSupplier proof, Refusal no) {
    String place = Caller.ip(rc);
    long staff = Staff.signedIn(rc).id();
    tries.countSecond(place, staff);
    if (!proof.getAsBoolean()) {
      throw no;
    }
    tries.forgiveSecond(place, staff);
  }

  private static Who who(RoutingContext rc) {
    return Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc));
  }
}
