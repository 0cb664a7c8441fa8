package io.linyu.reception;

import io.linyu.bot.Bot;
import io.linyu.bot.BotState;
import io.linyu.bot.Input;
import io.linyu.bot.Move;
import io.linyu.bot.Scene;
import io.linyu.casework.KnownMatter;
import io.linyu.casework.KnownMatters;
import io.linyu.channel.AccountKey;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Inbound;
import io.linyu.channel.Probe;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is so around a conversation at this moment, all of it from memory.
final class Scenes {
  private final Territories territories;
  private final Desks desks;
  private final Supplier<Bot> bot;
  private final Map<AccountKey, String> homeOfAccount;
  private final ZoneId zone;
  private final KnownMatters known;

  /// @param homeOfAccount code of the home territory by account; others: the root
  Scenes(
      Territories territories,
      Desks desks,
      Supplier<Bot> bot,
      Map<AccountKey, String> homeOfAccount,
      ZoneId zone,
      KnownMatters known) {
    this.territories = territories;
    this.desks = desks;
    this.bot = bot;
    this.homeOfAccount = homeOfAccount;
    this.zone = zone;
    this.known = known;
  }

  Scene of(Conversation with, Instant now) {
    return scene(with.address, home(with.homeId), with.language, now, true);
  }

  /// Where the person lives, or else the home territory of the account they write to.
  Territory around(Conversation with) {
    Territory home = home(with.homeId);
    return home == null ? homeOf(with.address) : home;
  }

  Territory homeOf(AddressKey address) {
    return Optional.ofNullable(homeOfAccount.get(address.ours()))
        .flatMap(territories::byCode)
        .orElseGet(territories::root);
  }

  /// What to say at once when this is danger to life and nothing can be recorded now.
  Optional<String> dangerWithoutRecord(Inbound inbound, Instant now) {
    if (Probe.isFrom(inbound.from())) {
      return Optional.empty(); // nobody is in danger, and the way is not open
    }
    Scene scene = scene(inbound.from(), null, Words.DEFAULT_LANGUAGE, now, false);
    Move move =
        bot.get().step(BotState.fresh(), new Input.Heard(inbound.content(), 0), scene).move();
    return move instanceof Move.Say(String text) ? Optional.of(text) : Optional.empty();
  }

  boolean isDanger(Inbound inbound, Instant now) {
    return dangerWithoutRecord(inbound, now).isPresent();
  }

  /// What danger these words tell of, wherever they were written; empty: none.
  Optional<String> danger(String words) {
    return bot.get().peril(words, Words.DEFAULT_LANGUAGE).map(Bot.Peril::kind);
  }

  /// A word of the bot's own, such as 查询 or 对: it tells nothing more of the matter.
  boolean isWord(Content content) {
    return content instanceof Content.Text(String text, _) && bot.get().isWord(text);
  }

  private Scene scene(
      AddressKey address,
      @Nullable Territory home,
      String language,
      Instant now,
      boolean recorded) {
    Territory around = home == null ? homeOf(address) : home;
    Desk desk = desks.fallbackFor(around);
    boolean open = desks.isOpen(desk, now);
    Territory at = territories.byId(desk.territoryId());
    String phone = territories.phoneOf(around).orElse("");
    return new Scene(
        address.channel(),
        now,
        zone,
        language,
        home == null
            ? null
            : new Scene.Place(
                home.id(),
                territories.nameForResident(home),
                territories.communityOf(home).map(Territory::name).orElse(home.name())),
        new Scene.Desk(
            at.name(),
            phone,
            territories.dutyPhoneOf(around).orElse(phone),
            open,
            open ? null : new TimeWords(zone, language).opens(desks.nextOpen(desk, now), now)),
        recorded,
        (category, territory) ->
            known(
                category, territory == null ? around : territories.byId(territory), language, now));
  }

  private Scene.@Nullable Known known(
      String category, Territory place, String language, Instant now) {
    return known
        .about(category, place, now)
        .map(each ->
            new Scene.Known(
                each.id(),
                each.version(),
                each.told(language),
                known.byName(each),
                nextNews(each, Words.in(language), zone, now)))
        .orElse(null);
  }

  /// By when there will be news, in words; promised news that is late is not promised again.
  static String nextNews(KnownMatter matter, Words words, ZoneId zone, Instant now) {
    return matter.isDue(now)
        ? words.of("known.next-soon")
        : new TimeWords(zone, words.language()).before(matter.nextAt(), now);
  }

  private @Nullable Territory home(@Nullable Long id) {
    return id == null ? null : territories.byId(id);
  }
}
