package io.linyu.console;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Community;
import io.linyu.community.SecondFactors;
import io.linyu.community.SecondFactors.Kind;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Totp;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.QrCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The chat in which a member of staff is called: bound by a code that is said there, or scanned.
/// It asks for as much as any other change of one's account.
public final class WorkChatRoutes implements Routes {
  private static final String CHAT = AccountRoutes.ACCOUNT + "/chat";

  /// @param code as it is read aloud; null: it is still to be asked for
  /// @param qr says the same when it is scanned; null: there is none to be had
  /// @param minutes how long it is good
  public record ChatPage(
      Frame frame,
      @Nullable String code,
      @Nullable QrCode qr,
      long minutes,
      boolean needsCode,
      @Nullable String refused) {}

  private final Db db;
  private final StaffAddresses chats;
  private final SecondFactors factors;
  private final SignIn signIn;
  private final Tries tries;
  private final Page page;
  private final BiFunction<String, Duration, Optional<String>> scannable;

  WorkChatRoutes(
      Db db,
      Community community,
      SignIn signIn,
      Tries tries,
      Page page,
      BiFunction<String, Duration, Optional<String>> scannable) {
    this.db = db;
    this.chats = community.staffAddresses();
    this.factors = community.secondFactors();
    this.signIn = signIn;
    this.tries = tries;
    this.page = page;
    this.scannable = scannable;
  }

  @Override
  public void mount(Router router) {
    router.get(CHAT).handler(sequential(rc -> show(rc, null, null)));
    router.post(CHAT).handler(sequential(this::draw));
    router.post(CHAT + "/end").handler(sequential(this::unbind));
  }

  private void show(RoutingContext rc, @Nullable String code, @Nullable Refusal refused) {
    Frame frame = Frame.of(rc);
    rc.response().setStatusCode(refused == null ? 200 : refused.status());
    page.send(
        rc,
        "console/chat",
        new ChatPage(
            frame,
            code == null ? null : code.substring(0, 4) + " " + code.substring(4),
            code == null
                ? null
                : scannable.apply(code, StaffAddresses.LASTS).map(QrCode::of).orElse(null),
            StaffAddresses.LASTS.toMinutes(),
            factors.of(Staff.signedIn(rc).id()).isPresent(),
            refused == null ? null : frame.words().of(refused)));
  }

  /// Whoever finds a desk unattended cannot have somebody's calls sent to themselves.
  private void draw(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    try {
      prove(rc, staff);
      show(rc, chats.draw(staff.id()), null);
    } catch (Refusal refused) {
      show(rc, null, refused);
    }
  }

  private void prove(RoutingContext rc, Staff staff) {
    String place = Caller.ip(rc);
    tries.countSecond(place, staff.id());
    boolean has = factors.of(staff.id()).isPresent();
    if (!signIn.hasPassword(staff, SessionRoutes.field(rc, "password"))) {
      factors.writeFailed(who(rc), staff.id(), "password");
      throw new Refusal(has ? "wrong-password-or-code" : "wrong-own-password", 422);
    }
    if (has) {
      String typed = SessionRoutes.field(rc, "code");
      Kind kind = Totp.plain(typed).matches("\\d{6}") ? Kind.CODE : Kind.RECOVERY;
      if (!db.<Boolean>inTransaction(tx -> factors.accepts(tx, who(rc), staff.id(), kind, typed))) {
        throw new Refusal("wrong-password-or-code", 422);
      }
    }
    tries.forgiveSecond(place, staff.id());
  }

  /// To be called no more takes nothing but being signed in.
  private void unbind(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    db.withinTransaction(tx -> {
      var _ = chats.unbind(tx, who(rc), staff.id());
    });
    Htmx.see(rc, AccountRoutes.ACCOUNT + "?done=chat-unbound");
  }

  private static Who who(RoutingContext rc) {
    return Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc));
  }
}
