package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Passwords;
import io.linyu.platform.auth.Totp;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What somebody proves beside the password: the changing code of an authenticator, or one of ten
/// recovery codes, each of which works once.
///
/// A step of the authenticator is accepted once for each person, on any number of nodes: the
/// statement that accepts it compares it with the last one.
public final class SecondFactors {
  private static final int CODES = 10;

  /// 60 bits, three groups of four: nobody guesses one, and they can be read out.
  private static final int CODE_LENGTH = 12;

  /// What was typed.
  public enum Kind {
    CODE,
    RECOVERY;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param codesLeft recovery codes that have not been used
  public record State(Instant since, int codesLeft) {}

  private final Db db;
  private final Vault vault;
  private final Clock clock;
  private final Audit audit;
  private final SecondFactorStore store = new SecondFactorStore();

  SecondFactors(Db db, Vault vault, Clock clock, Audit audit) {
    this.db = db;
    this.vault = vault;
    this.clock = clock;
    this.audit = audit;
  }

  /// Empty: it is off.
  public Optional<State> of(long staff) {
    return store.state(db, staff);
  }

  /// Whether this proves it. What was accepted is not accepted again, also when the transaction
  /// goes on to something else; using a recovery code is audited.
  ///
  /// @param who for the audit, should it be a recovery code
  public boolean accepts(Tx tx, Who who, long staff, Kind kind, String typed) {
    return switch (kind) {
      case CODE -> acceptsCode(tx, staff, typed);
      case RECOVERY -> {
        if (!acceptsRecovery(tx, staff, typed)) {
          yield false;
        }
        int left = store.state(tx, staff).map(State::codesLeft).orElse(0);
        audit.writeAbout(tx, who, Deed.RECOVERY_CODE_USED, staff, Map.of("left", left));
        yield true;
      }
    };
  }

  private boolean acceptsCode(Sql sql, long staff, String typed) {
    return store
        .secret(sql, staff)
        .map(vault::open)
        .filter(secret ->
            Totp.steps(secret, typed, clock.instant()).stream()
                .anyMatch(step -> store.take(sql, staff, step)))
        .isPresent();
  }

  private boolean acceptsRecovery(Sql sql, long staff, String typed) {
    String code = Totp.plain(typed).toLowerCase(Locale.ROOT);
    return store.use(sql, staff, recovery(staff, code), clock.instant());
  }

  /// Turns it on with a first code, which shows that the authenticator has the secret.
  ///
  /// @return the recovery codes, which nobody sees again; empty when the code is wrong
  /// @throws Refusal when it is on already
  public Optional<List<String>> turnOn(Who who, long staff, String secret, String typed) {
    List<Long> steps = Totp.steps(secret, typed, clock.instant());
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        db.inTransaction(tx -> {
          if (!store.add(tx, staff, vault.seal(secret), steps.getLast(), clock.instant())) {
            throw new Refusal("second-factor-on", 409);
          }
          store.credentialsChanged(tx, staff);
          audit.writeAbout(tx, who, Deed.SECOND_FACTOR_ON, staff, Map.of());
          return makeCodes(tx, staff);
        }));
  }

  /// Ten new ones for whoever shows a code of the authenticator; the old ones work no more.
  ///
  /// @return empty when the code is wrong, which has been audited
  public Optional<List<String>> renewCodes(Who who, long staff, String typed) {
    return db.inTransaction(tx -> {
      if (!accepts(tx, who, staff, Kind.CODE, typed)) {
        writeFailed(tx, who, staff, Kind.CODE.word());
        return Optional.empty();
      }
      audit.writeAbout(tx, who, Deed.RECOVERY_CODES_MADE, staff, Map.of());
      return Optional.of(makeCodes(tx, staff));
    });
  }

  /// @param passwordFits looked at first, and however the code is
  /// @return whether it is off now; otherwise that has been audited
  public boolean turnOff(Who who, long staff, boolean passwordFits, Kind kind, String typed) {
    return db.inTransaction(tx -> {
      if (!passwordFits) {
        writeFailed(tx, who, staff, "password");
        return false;
      }
      if (!accepts(tx, who, staff, kind, typed)) {
        writeFailed(tx, who, staff, kind.word());
        return false;
      }
      store.remove(tx, staff);
      store.credentialsChanged(tx, staff);
      audit.writeAbout(tx, who, Deed.SECOND_FACTOR_OFF, staff, Map.of());
      return true;
    });
  }

  /// @param with what was wrong
  public void writeFailed(Who who, long staff, String with) {
    writeFailed(db, who, staff, with);
  }

  public void writeFailed(Sql sql, Who who, long staff, String with) {
    audit.writeAbout(sql, who, Deed.SECOND_FACTOR_FAILED, staff, Map.of("with", with));
  }

  /// For whoever has lost both: the next sign-in needs the password alone.
  ///
  /// @throws Refusal when there is nobody, or it is off
  public void reset(Staff whose) {
    db.withinTransaction(tx -> {
      if (!store.remove(tx, whose.id())) {
        throw new Refusal("second-factor-off", 409, whose.code());
      }
      store.credentialsChanged(tx, whose.id());
      audit.writeOwnAbout(tx, Deed.SECOND_FACTOR_RESET, whose.id(), Map.of());
    });
  }

  /// To be kept somewhere else until the first code shows that it has arrived.
  public byte[] sealed(String secret) {
    return vault.seal(secret);
  }

  public String opened(byte[] secret) {
    return vault.open(secret);
  }

  private List<String> makeCodes(Tx tx, long staff) {
    List<String> codes =
        IntStream.range(0, CODES).mapToObj(_ -> Codes.random().substring(0, CODE_LENGTH)).toList();
    store.replaceCodes(tx, staff, codes.stream().map(code -> recovery(staff, code)).toList());
    return codes;
  }

  /// Without the secrets key: nobody could hash a code anew when the key changes.
  private static byte[] recovery(long staff, String code) {
    return Passwords.stretched(code, "recovery:" + staff);
  }
}
