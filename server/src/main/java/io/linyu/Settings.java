package io.linyu;

import io.linyu.platform.http.Proxies;
import io.linyu.platform.time.QuietHours;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that can be set. Read from `config/linyu.yaml` and the environment by `cli`; nothing
/// else reads either.
///
/// @param databaseUrl `postgresql://…`, or `embedded` until the servers have been started
/// @param redisUrl `redis://…`, or `embedded` until the servers have been started
/// @param redisPrefix so that several installations can share one Redis
/// @param dataDir what an embedded installation keeps
/// @param secretsKey 32 bytes in base64: seals names and phone numbers. Those behind a comma only
///   open. Empty until an embedded installation has drawn its own
/// @param calls how staff are called to what needs them
/// @param wechat the public accounts by their key, which is part of the callback's address
public record Settings(
    Http http,
    String databaseUrl,
    String redisUrl,
    String redisPrefix,
    Path dataDir,
    ZoneId zone,
    String secretsKey,
    Alarm alarm,
    Console console,
    Calls calls,
    Map<String, Wechat> wechat) {
  public static final String EMBEDDED = "embedded";

  /// @param drain how long a server that is told to stop goes on serving while it says that it is
  ///   not ready, so that the proxy before it turns to others
  /// @param trusted whose word is taken for where a request comes from
  /// @param publicUrl how browsers and platforms reach this server, without a slash at the end
  /// @param templates where the template files lie, to compile them as they change; null in
  ///   production
  public record Http(
      String host,
      int port,
      String publicUrl,
      Proxies trusted,
      Duration drain,
      @Nullable Path templates) {}

  /// @param webhook called with each ring and each climb of an alarm: a gateway to SMS or telephone
  /// @param climbEvery how long each step of the chain has to acknowledge before it rings one
  ///   higher
  public record Alarm(@Nullable String webhook, Duration climbEvery) {}

  /// @param claimWithin how long a new case may lie at a desk before somebody is called in a chat
  /// @param answerWithin how long somebody has to say that they know, before the next is called
  /// @param quiet when nobody is called but for danger to life
  public record Calls(Duration claimWithin, Duration answerWithin, QuietHours quiet) {}

  /// @param secondFactor who has to prove more than a password
  /// @param auditKept how long the audit keeps what it knows
  public record Console(SecondFactor secondFactor, Period auditKept) {
    /// Of three years, as for the files of ordinary cases.
    public static final Console USUAL = new Console(SecondFactor.OPTIONAL, Period.ofMonths(36));
  }

  /// Who needs a second factor to sign in; others may have one.
  public record SecondFactor(boolean ofEverybody, Set<String> ofRoles) {
    public static final SecondFactor OPTIONAL = new SecondFactor(false, Set.of());
    public static final SecondFactor REQUIRED = new SecondFactor(true, Set.of());

    public boolean isRequiredOf(String role) {
      return ofEverybody || ofRoles.contains(role);
    }
  }

  /// One public account.
  ///
  /// @param previousToken still accepted while the platform changes over
  /// @param aesKey 43 characters; with it the mode is safe unless said otherwise
  /// @param territory code of the home territory; null: the root
  /// @param apiBase where the platform's interface is, without a slash at the end
  /// @param openBase where browsers are told who they are, without a slash at the end
  /// @param rights what the platform allows it
  /// @param verification what stands between `MP_verify_` and `.txt` in the name of the file that
  ///   the platform looks for on our domain; null: none is wanted of us
  /// @param probeEvery how often it is tried whether residents get through; zero: never
  public record Wechat(
      String appId,
      String secret,
      String token,
      @Nullable String previousToken,
      @Nullable String aesKey,
      @Nullable String previousAesKey,
      Mode mode,
      @Nullable String territory,
      String apiBase,
      String openBase,
      Rights rights,
      @Nullable String verification,
      Duration probeEvery) {
    /// Unless somebody says otherwise.
    public static final Duration PROBE_USUAL = Duration.ofMinutes(5);

    /// One that is never tried.
    public Wechat(
        String appId,
        String secret,
        String token,
        @Nullable String previousToken,
        @Nullable String aesKey,
        @Nullable String previousAesKey,
        Mode mode,
        @Nullable String territory,
        String apiBase,
        String openBase,
        Rights rights,
        @Nullable String verification) {
      this(
          appId,
          secret,
          token,
          previousToken,
          aesKey,
          previousAesKey,
          mode,
          territory,
          apiBase,
          openBase,
          rights,
          verification,
          Duration.ZERO);
    }

    public Wechat withProbe(Duration every) {
      return new Wechat(
          appId,
          secret,
          token,
          previousToken,
          aesKey,
          previousAesKey,
          mode,
          territory,
          apiBase,
          openBase,
          rights,
          verification,
          every);
    }

    /// What kind of account it is, which buys what it may do, and the notices it sends.
    ///
    /// @param service 服务号; otherwise 订阅号
    /// @param verified 已认证
    /// @param notice the subscribe notice of results; null: none
    /// @param template the template message of results; null: none
    public record Rights(
        boolean service, boolean verified, @Nullable Form notice, @Nullable Form template) {
      public static final Rights VERIFIED = new Rights(true, true, null, null);
    }

    /// @param id the platform's own
    /// @param fields what goes into which field: `thing2=matter, time4=time`
    /// @param standing leave once given holds until it is taken back
    public record Form(String id, String fields, boolean standing) {}

    public enum Mode {
      PLAIN,
      COMPATIBLE,
      SAFE
    }

    /// Without the secrets, so that no log can show them.
    @Override
    public String toString() {
      return "Wechat[" + appId + ", " + mode + "]";
    }
  }

  public boolean embedsDatabase() {
    return databaseUrl.equals(EMBEDDED);
  }

  public boolean embedsRedis() {
    return redisUrl.equals(EMBEDDED);
  }

  public Settings withServers(String database, String redis, String secrets) {
    return new Settings(
        http, database, redis, redisPrefix, dataDir, zone, secrets, alarm, console, calls, wechat);
  }

  public Settings withWechat(Map<String, Wechat> accounts) {
    return new Settings(
        http,
        databaseUrl,
        redisUrl,
        redisPrefix,
        dataDir,
        zone,
        secretsKey,
        alarm,
        console,
        calls,
        accounts);
  }

  public Settings withConsole(Console other) {
    return new Settings(
        http,
        databaseUrl,
        redisUrl,
        redisPrefix,
        dataDir,
        zone,
        secretsKey,
        alarm,
        other,
        calls,
        wechat);
  }

  public Settings withHttp(Http other) {
    return new Settings(
        other,
        databaseUrl,
        redisUrl,
        redisPrefix,
        dataDir,
        zone,
        secretsKey,
        alarm,
        console,
        calls,
        wechat);
  }

  @Override
  public String toString() {
    return "Settings[" + http + ", " + wechat + "]";
  }
}
