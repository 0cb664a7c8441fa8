package io.linyu.reception;

import io.linyu.community.Address;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Sessions.Session;
import io.linyu.platform.db.Db;
import io.linyu.platform.redis.Redis;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Residents who are signed in to their own pages. A session names an address; whose it is, and
/// that it still is theirs, is looked up each time, so it ends when they leave, are erased, or turn
/// out to be somebody else.
final class Visitors {
  /// Beside that of staff, who may be residents, too.
  static final String COOKIE = "linyu_resident";

  private static final String PATH = "/h5";

  private final Db db;
  private final People people;
  private final Sessions sessions;
  private final boolean secure;

  Visitors(Db db, People people, Redis redis, Clock clock, boolean secure) {
    this.db = db;
    this.people = people;
    this.sessions = Sessions.ofResidents(redis, clock);
    this.secure = secure;
  }

  record Visitor(Session session, Address address, Person person) {}

  /// Who asks; empty: nobody who is signed in.
  Optional<Visitor> of(RoutingContext rc) {
    String id = id(rc);
    Session session = id == null ? null : sessions.find(id, true).orElse(null);
    if (session == null) {
      return Optional.empty();
    }
    // Redis may know sessions of before a restore.
    Address address = people.known(db, session.subject()).orElse(null);
    if (address == null || !address.follows() || session.credentials() != standing(address)) {
      sessions.end(session.id());
      return Optional.empty();
    }
    return Optional.of(new Visitor(session, address, people.byId(db, address.personId())));
  }

  /// From here on it is they who ask. A session that somebody has slipped into the browser does not
  /// become theirs.
  void enter(RoutingContext rc, Address address) {
    String old = id(rc);
    if (old != null) {
      sessions.end(old);
    }
    cookie(rc, Cookie.cookie(COOKIE, sessions.begin(address.id(), standing(address)).id()));
  }

  void leave(RoutingContext rc, Visitor visitor) {
    sessions.end(visitor.session().id());
    cookie(rc, Cookie.cookie(COOKIE, "").setMaxAge(0));
  }

  private static @Nullable String id(RoutingContext rc) {
    Cookie known = rc.request().getCookie(COOKIE);
    return known == null ? null : known.getValue();
  }

  /// Another one once the person has left or been erased, since the code of their pages changes
  /// then, or once the address belongs to another person.
  private static int standing(Address address) {
    return (address.code() + ' ' + address.personId()).hashCode();
  }

  private void cookie(RoutingContext rc, Cookie cookie) {
    rc.response()
        .addCookie(
            cookie
                .setPath(PATH)
                .setHttpOnly(true)
                .setSecure(secure)
                // The platform sends them back to us from a page of its own.
                .setSameSite(CookieSameSite.LAX));
  }
}
