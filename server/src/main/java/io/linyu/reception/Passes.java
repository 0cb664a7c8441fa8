package io.linyu.reception;

import io.lettuce.core.SetArgs;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a browser carries to the platform and back while somebody signs in: signed here, for this
/// browser and this account, for ten minutes and one way, and where to go afterwards.
///
/// Without it anybody could send a link that signs a resident in as somebody else, who would then
/// read what the resident writes. The platform takes letters and digits, 128 at most.
final class Passes {
  static final Duration LIFE = Duration.ofMinutes(10);

  /// WeChat's own browser often asks twice for the page it was sent back to, and drops the first
  /// answer. So long, which is the life of a code, the same browser with the same code gets the
  /// same.
  static final Duration ASKED_TWICE = Duration.ofMinutes(5);

  private static final Duration UNDER_WAY_FOR = Duration.ofSeconds(30);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final String PURPOSE = "sign-in";
  private static final int SIGNATURE = 16;

  /// As long as fits into what the platform carries.
  private static final Pattern OWN = Pattern.compile("/h5(/[A-Za-z0-9_-]{1,32}){1,4}");

  private static final int LONGEST_WAY = 36;
  private static final Pattern PASS =
      Pattern.compile(
          "(?<id>[a-z0-9]{16})(?<until>[0-9a-f]{8})(?<to>([0-9a-f]{2}){1,36})(?<signature>[0-9a-f]{32})");

  private static final String UNDER_WAY = "under way";
  private static final String NOWHERE = "nowhere";

  private final Vault vault;
  private final Redis redis;
  private final Clock clock;

  Passes(Vault vault, Redis redis, Clock clock) {
    this.vault = vault;
    this.redis = redis;
    this.clock = clock;
  }

  /// A page of ours to go to; any other is not gone to, but the person's matters are.
  static String own(@Nullable String to) {
    return to != null && to.length() <= LONGEST_WAY && OWN.matcher(to).matches()
        ? to
        : MineRoutes.PATH;
  }

  /// @param browser the secret in the browser's cookie
  String issue(String account, String browser, String to) {
    String id = Codes.random();
    String until = HexFormat.of().toHexDigits((int) clock.instant().plus(LIFE).getEpochSecond());
    String way = HexFormat.of().formatHex(own(to).getBytes(StandardCharsets.US_ASCII));
    byte[] signature = vault.sign(PURPOSE, signed(account, browser, id + until + way));
    return id + until + way + HexFormat.of().formatHex(signature, 0, SIGNATURE);
  }

  /// What comes back from the platform.
  sealed interface Taken {
    /// For the first time.
    record First(String id, String to) implements Taken {}

    /// Once more, by the same browser and with the same code, right after the first time.
    record Again(long address, String to) implements Taken {}

    /// Not ours, another browser's, too old, or used.
    record Not() implements Taken {}
  }

  /// @throws Redis.Away nobody knows whether it was used
  Taken take(String account, @Nullable String browser, @Nullable String pass, String code) {
    Matcher part = PASS.matcher(pass == null ? "" : pass);
    if (browser == null || !part.matches()) {
      return new Taken.Not();
    }
    String id = part.group("id");
    String until = part.group("until");
    byte[] signature = HexFormat.of().parseHex(part.group("signature"));
    Instant end =
        Instant.ofEpochSecond(Integer.toUnsignedLong(Integer.parseUnsignedInt(until, 16)));
    if (!vault.hasSigned(
            PURPOSE, signed(account, browser, id + until + part.group("to")), signature)
        || !clock.instant().isBefore(end)) {
      return new Taken.Not();
    }
    String to = new String(HexFormat.of().parseHex(part.group("to")), StandardCharsets.US_ASCII);
    SetArgs once = SetArgs.Builder.nx().px(LIFE.toMillis());
    return await(redis.commands().set(key(id), bytes(UNDER_WAY), once)) != null
        ? new Taken.First(id, to)
        : again(id, code, to);
  }

  /// The first time may still be on its way.
  private Taken again(String id, String code, String to) {
    Instant end = clock.instant().plus(UNDER_WAY_FOR);
    for (Duration waited = Duration.ZERO;
        waited.compareTo(UNDER_WAY_FOR) < 0 && clock.instant().isBefore(end);
        waited = waited.plus(LOOK_AGAIN)) {
      byte @Nullable [] found = await(redis.commands().get(key(id)));
      String came = found == null ? NOWHERE : new String(found, StandardCharsets.UTF_8);
      if (!came.equals(UNDER_WAY)) {
        return came.equals(NOWHERE) ? new Taken.Not() : came(came, code, to);
      }
      rest();
    }
    return new Taken.Not();
  }

  private Taken came(String came, String code, String to) {
    String[] part = came.split(" ", 3);
    boolean same = part[2].equals(Digest.hex(code));
    Instant until = Instant.parse(part[1]).plus(ASKED_TWICE);
    return same && clock.instant().isBefore(until)
        ? new Taken.Again(Long.parseLong(part[0]), to)
        : new Taken.Not();
  }

  /// It has led here.
  void came(Taken.First first, String code, long address) {
    keep(first, address + " " + clock.instant() + " " + Digest.hex(code));
  }

  /// It has led nowhere, and who waits for it need not.
  void failed(Taken.First first) {
    keep(first, NOWHERE);
  }

  private void keep(Taken.First first, String what) {
    var _ =
        await(
            redis
                .commands()
                .set(key(first.id()), bytes(what), SetArgs.Builder.xx().px(LIFE.toMillis())));
  }

  private String key(String id) {
    return redis.prefix() + "sign-in:" + id;
  }

  /// None of the parts has a space.
  private static String signed(String account, String browser, String what) {
    return account + ' ' + Digest.hex(browser) + ' ' + what;
  }

  private static void rest() {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Redis.Away(e.getCause() == null ? e : e.getCause());
    }
  }
}
