package io.linyu.reception;

import static java.util.stream.Collectors.groupingBy;

import io.linyu.channel.AccountKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.channel.Tagging;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.TagStore.Follower;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the tags of followers in step with where they live, so that one can write to a community:
/// who moves, is found to be another, or leaves is followed, and so is a territory that is renamed,
/// new, or gone.
///
/// It goes round: all followers of an account in turn, some at a time, and then anew. What the
/// platform has is remembered, and only differences are told to it. An account has no more than a
/// hundred tags, so there is one for each community if that many are free, else one for each
/// street, else none.
public final class Tags {
  private static final Logger LOG = LoggerFactory.getLogger(Tags.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration REST = Duration.ofMinutes(10);
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(10);
  private static final int AT_ONCE = 500;
  private static final long NONE = 0;

  /// No two tags may have one name: before the number of one whose name another needs now.
  private static final String PROVISIONAL = "旧标签";

  /// What became of a round.
  ///
  /// @param given how many followers were given a tag, and `taken` of how many it was taken
  public record Round(int tags, long given, long taken) {
    Round and(Round other) {
      return new Round(other.tags(), given + other.given(), taken + other.taken());
    }
  }

  private final Db db;
  private final Channels channels;
  private final Territories territories;
  private final Map<AccountKey, String> homeOfAccount;
  private final Clock clock;
  private final ZoneId zone;
  private final TagStore store = new TagStore();

  /// @param homeOfAccount code of the home territory by account; others: the root
  public Tags(
      Db db,
      Channels channels,
      Territories territories,
      Map<AccountKey, String> homeOfAccount,
      Clock clock,
      ZoneId zone) {
    this.db = db;
    this.channels = channels;
    this.territories = territories;
    this.homeOfAccount = homeOfAccount;
    this.clock = clock;
    this.zone = zone;
  }

  void start(Ticker ticker) {
    var _ = ticker.every(PAUSE, "account-tags", this::goOn);
  }

  /// Some followers of each account whose turn it is. True when there are more at once.
  boolean goOn() {
    boolean more = false;
    for (Channel channel : channels.all()) {
      for (String account : channel.accountsWithFigures()) {
        Tagging tagging = channel.tagging(account);
        Instant now = clock.instant();
        Optional<Long> after =
            tagging == null
                ? Optional.empty()
                : store.claim(db, channel.name(), account, now.plus(FIRST), now, now.plus(LEASE));
        if (tagging != null && after.isPresent()) {
          more |= goOn(channel.name(), account, tagging, after.get());
        }
      }
    }
    return more;
  }

  private boolean goOn(String channel, String account, Tagging tagging, long after) {
    try {
      if (after == 0) {
        keepTags(channel, account, tagging);
      }
      Step step = step(channel, account, tagging, after);
      Instant due = step.last() == null ? clock.instant().plus(REST) : clock.instant();
      store.wentOn(
          db, channel, account, step.last() == null ? 0 : step.last(), due, clock.instant());
      return step.last() != null;
    } catch (ChannelError error) {
      LOG.warn("tags of account {}: {}", account, error.getMessage());
      Duration wait =
          error instanceof ChannelError.RateLimited limited ? limited.retryAfter() : AFTER_FAILURE;
      store.wentOn(db, channel, account, after, clock.instant().plus(wait), null);
      return false;
    }
  }

  /// Everything anew, whatever is remembered: what the platform has is read first, and what is
  /// wrong there is taken away.
  ///
  /// @throws ChannelError when the platform does not go along
  public Round all(Channel channel, String account, Tagging tagging) {
    String name = channel.name();
    store.forgetAll(db, name, account);
    keepTags(name, account, tagging);
    Map<Long, Long> byTerritory = store.tags(db, name, account);
    long taken = 0;
    for (long tag : byTerritory.values()) {
      taken += readBack(name, account, tagging, tag, byTerritory);
    }
    var round = new Round(byTerritory.size(), 0, taken);
    Long after = 0L;
    while (after != null) {
      Step step = step(name, account, tagging, after);
      round = round.and(new Round(byTerritory.size(), step.given(), step.taken()));
      after = step.last();
    }
    return round;
  }

  /// What the platform has under this tag is remembered where it is right, and taken where it is
  /// not.
  private long readBack(
      String channel, String account, Tagging tagging, long tag, Map<Long, Long> byTerritory) {
    long taken = 0;
    String after = null;
    List<String> people = tagging.having(tag, null);
    while (!people.isEmpty()) {
      after = people.getLast();
      var wrong = new ArrayList<>(people);
      var right = new ArrayList<Long>();
      for (Follower each : store.named(db, channel, account, people)) {
        if (wanted(each, byTerritory) == tag) {
          wrong.remove(each.externalId());
          right.add(each.address());
        }
      }
      for (List<String> some : parts(wrong, tagging.atOnce())) {
        tagging.take(tag, some);
      }
      store.has(db, right, tag);
      taken += wrong.size();
      people = tagging.having(tag, after);
    }
    return taken;
  }

  // The tags themselves.

  private void keepTags(String channel, String account, Tagging tagging) {
    Map<Long, String> there = new HashMap<>(tagging.all());
    List<TagStore.Tag> ours = new ArrayList<>(store.all(db, channel, account));
    // One that somebody removed on the platform's pages.
    ours.removeIf(each -> {
      boolean gone = !there.containsKey(each.tag());
      if (gone) {
        store.drop(db, channel, account, each);
      }
      return gone;
    });
    int free = tagging.most() - (there.size() - ours.size());
    Map<Territory, String> wanted =
        wanted(new AccountKey(channel, account), free, tagging.longestName());
    Set<Long> wantedIds = new HashSet<>();
    wanted.keySet().forEach(each -> wantedIds.add(each.id()));
    for (TagStore.Tag each : ours) {
      if (!wantedIds.contains(each.territory())) {
        tagging.drop(each.tag());
        there.remove(each.tag());
        store.drop(db, channel, account, each);
      }
    }
    wanted.forEach((territory, name) -> keepTag(channel, account, tagging, territory, name, there));
  }

  private void keepTag(
      String channel,
      String account,
      Tagging tagging,
      Territory territory,
      String name,
      Map<Long, String> there) {
    TagStore.Tag known = store.of(db, channel, account, territory.id()).orElse(null);
    if (known == null) {
      Long other = tagOf(name, there);
      if (other != null && isOurs(channel, account, other)) {
        giveUpName(tagging, other, there);
        other = null;
      }
      // One of that name that is nobody's may be ours from before a database was lost.
      long tag = other != null ? other : tagging.make(name);
      there.put(tag, name);
      store.keep(db, channel, account, new TagStore.Tag(territory.id(), tag, name));
    } else if (!known.name().equals(name) || !name.equals(there.get(known.tag()))) {
      Long other = tagOf(name, there);
      if (other != null && other != known.tag()) {
        if (!isOurs(channel, account, other)) {
          LOG.warn(
              "account {} has a tag {} that is not ours: {} keeps its name",
              account,
              name,
              known.name());
          return;
        }
        giveUpName(tagging, other, there);
      }
      tagging.rename(known.tag(), name);
      there.put(known.tag(), name);
      store.keep(db, channel, account, new TagStore.Tag(territory.id(), known.tag(), name));
    }
  }

  private boolean isOurs(String channel, String account, long tag) {
    return store.all(db, channel, account).stream().anyMatch(each -> each.tag() == tag);
  }

  /// Its territory is called otherwise now; its own turn comes.
  private static void giveUpName(Tagging tagging, long tag, Map<Long, String> there) {
    String meanwhile = PROVISIONAL + tag;
    tagging.rename(tag, meanwhile);
    there.put(tag, meanwhile);
  }

  private static @Nullable Long tagOf(String name, Map<Long, String> there) {
    for (Map.Entry<Long, String> each : there.entrySet()) {
      if (each.getValue().equals(name)) {
        return each.getKey();
      }
    }
    return null;
  }

  /// Communities, if there is a tag for each; else streets; else nothing.
  private Map<Territory, String> wanted(AccountKey account, int free, int longest) {
    Territory home =
        Optional.ofNullable(homeOfAccount.get(account))
            .flatMap(territories::byCode)
            .orElseGet(territories::root);
    LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
    for (Level level : List.of(Level.COMMUNITY, Level.STREET)) {
      List<Territory> units =
          within(home, level).filter(each -> each.existsOn(today)).distinct().toList();
      if (units.size() <= free) {
        return named(units, longest);
      }
    }
    LOG.warn("account {} has not enough tags left for its streets", account.account());
    return Map.of();
  }

  private Stream<Territory> within(Territory at, Level level) {
    return at.level() == level
        ? Stream.of(at)
        : at.level().compareTo(level) > 0
            ? Stream.empty()
            : territories.children(at).stream()
                .filter(each -> each.level() != Level.GRID)
                .flatMap(each -> within(each, level));
  }

  /// Two of the same name are told apart by what they lie in.
  private Map<Territory, String> named(List<Territory> units, int longest) {
    Map<String, List<Territory>> byName = units.stream().collect(groupingBy(Territory::name));
    var named = new LinkedHashMap<Territory, String>();
    units.stream()
        .sorted(Comparator.comparing(Territory::code))
        .forEach(each -> {
          String around =
              territories.ancestorOf(each, Level.STREET).map(Territory::name).orElse("");
          boolean alone = byName.getOrDefault(each.name(), List.of()).size() == 1;
          String name = alone ? each.name() : around + each.name();
          int length = name.codePointCount(0, name.length());
          named.put(
              each,
              length <= longest ? name : name.substring(0, name.offsetByCodePoints(0, longest)));
        });
    return named;
  }

  // Who has them.

  /// @param last up to whom; null: there are no more
  private record Step(@Nullable Long last, long given, long taken) {}

  private Step step(String channel, String account, Tagging tagging, long after) {
    Map<Long, Long> byTerritory = store.tags(db, channel, account);
    List<Follower> some = store.followers(db, channel, account, after, AT_ONCE);
    store.forgetLeft(db, after, some.isEmpty() ? Long.MAX_VALUE : some.getLast().address());
    if (some.isEmpty()) {
      return new Step(null, 0, 0);
    }
    Map<Long, List<Follower>> take = new HashMap<>();
    Map<Long, List<Follower>> give = new HashMap<>();
    for (Follower each : some) {
      long wanted = wanted(each, byTerritory);
      if (wanted != each.tag()) {
        if (each.tag() != NONE) {
          take.computeIfAbsent(each.tag(), _ -> new ArrayList<>()).add(each);
        }
        if (wanted != NONE) {
          give.computeIfAbsent(wanted, _ -> new ArrayList<>()).add(each);
        }
      }
    }
    long taken =
        tell(take, tagging.atOnce(), tagging::take, (people, _) -> store.hasNone(db, people));
    long given =
        tell(give, tagging.atOnce(), tagging::give, (people, tag) -> store.has(db, people, tag));
    return new Step(some.getLast().address(), given, taken);
  }

  /// @return of how many
  private static long tell(
      Map<Long, List<Follower>> all,
      int atOnce,
      BiConsumer<Long, List<String>> platform,
      BiConsumer<List<Long>, Long> remember) {
    long told = 0;
    for (var each : all.entrySet()) {
      for (List<Follower> some : parts(each.getValue(), atOnce)) {
        told += tell(each.getKey(), some, platform, remember);
      }
    }
    return told;
  }

  /// One whom the platform does not know would have it refuse all who are named with them.
  private static long tell(
      long tag,
      List<Follower> some,
      BiConsumer<Long, List<String>> platform,
      BiConsumer<List<Long>, Long> remember) {
    try {
      platform.accept(tag, some.stream().map(Follower::externalId).toList());
      remember.accept(some.stream().map(Follower::address).toList(), tag);
      return some.size();
    } catch (ChannelError.Refused refused) {
      if (refused.why() == ChannelError.Why.NO_PERMISSION) {
        throw refused;
      }
      if (some.size() == 1) {
        LOG.info(
            "address {} cannot be tagged: {}", some.getFirst().address(), refused.getMessage());
        return 0;
      }
      return some.stream().mapToLong(one -> tell(tag, List.of(one), platform, remember)).sum();
    }
  }

  private long wanted(Follower each, Map<Long, Long> byTerritory) {
    Long home = each.home();
    if (home == null || !each.follows()) {
      return NONE;
    }
    return territories.pathOf(territories.byId(home)).reversed().stream()
        .map(node -> byTerritory.get(node.id()))
        .filter(tag -> tag != null)
        .findFirst()
        .orElse(NONE);
  }

  private static <T> List<List<T>> parts(List<T> all, int size) {
    var parts = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += size) {
      parts.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return parts;
  }
}
