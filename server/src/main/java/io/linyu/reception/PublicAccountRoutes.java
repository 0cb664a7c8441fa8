package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.linyu.channel.AccountKey;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.channel.Ladder;
import io.linyu.channel.Menus;
import io.linyu.channel.Menus.Staged;
import io.linyu.channel.Standing;
import io.linyu.community.Community;
import io.linyu.community.DeskOrders;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.linyu.reception.PublicAccountPages.Account;
import io.linyu.reception.PublicAccountPages.Accounts;
import io.linyu.reception.PublicAccountPages.Change;
import io.linyu.reception.PublicAccountPages.Held;
import io.linyu.reception.PublicAccountPages.Leave;
import io.linyu.reception.PublicAccountPages.MenuPage;
import io.linyu.reception.PublicAccountPages.Troubles;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Our accounts on platforms, for those who look after them: what they may, what of it is used,
/// what was refused and what to do about it, what the platform counts, and the menu at the foot of
/// the chat.
final class PublicAccountRoutes implements Routes {
  private static final String ACCOUNTS = "/console/accounts";
  private static final Set<String> PUBLISHERS =
      Set.of("district_dispatcher", "street_dispatcher", "info_officer");
  private static final int DAYS = 14;

  /// Counted no further.
  private static final int MOST_LEAVE = 100_000;

  private final Db db;
  private final Channels channels;
  private final Community community;
  private final Map<AccountKey, String> homeOfAccount;
  private final Figures figures;
  private final Sends sends;
  private final Probes probes;
  private final Resumptions resumptions;
  private final Page page;
  private final FigureStore store = new FigureStore();

  /// @param homeOfAccount code of the home territory by account; others: the root
  PublicAccountRoutes(
      Db db,
      Channels channels,
      Community community,
      Map<AccountKey, String> homeOfAccount,
      Figures figures,
      Sends sends,
      Probes probes,
      Resumptions resumptions,
      Page page) {
    this.db = db;
    this.channels = channels;
    this.community = community;
    this.homeOfAccount = homeOfAccount;
    this.figures = figures;
    this.sends = sends;
    this.probes = probes;
    this.resumptions = resumptions;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(ACCOUNTS).handler(sequential(this::show));
    router.post(ACCOUNTS + "/:channel/:account/limits").handler(sequential(this::askLimits));
    router.get(ACCOUNTS + "/:channel/:account/troubles").handler(sequential(this::troubles));
    router.post(ACCOUNTS + "/:channel/:account/resumptions").handler(sequential(this::resume));
    router.get(ACCOUNTS + "/:channel/:account/menu").handler(sequential(this::menu));
    router.post(ACCOUNTS + "/:channel/:account/menu").handler(sequential(this::publish));
  }

  private void show(RoutingContext rc) {
    show(rc, null);
  }

  private void show(RoutingContext rc, @Nullable String failed) {
    requireReader(rc);
    Frame frame = Frame.of(rc);
    var accounts = new ArrayList<Account>();
    for (Channel channel : channels.all()) {
      for (Standing each : channel.standings()) {
        accounts.add(account(frame, Staff.signedIn(rc), channel, each));
      }
    }
    page.send(rc, "reception/accounts", new Accounts(frame, accounts, failed));
  }

  private Account account(Frame frame, Staff staff, Channel channel, Standing each) {
    return new Account(
        frame,
        label(frame.words(), channel, each.account()),
        each,
        troubles(frame, staff, channel, each.account(), null, null),
        probes.card(frame, channel.name(), each.account(), true),
        sends.of(channel.name(), each.account()),
        leave(channel.ladder(each.account())),
        figures.of(channel.name(), each.account(), DAYS),
        !channel.menus().equals(Menus.NONE));
  }

  private Troubles troubles(
      Frame frame,
      Staff staff,
      Channel channel,
      String account,
      @Nullable String said,
      @Nullable String later) {
    return new Troubles(
        frame,
        url(channel, account),
        account,
        channel.troubles().stream()
            .filter(trouble -> trouble.account().equals(account))
            .map(trouble ->
                new Held(
                    trouble.sentence(frame.moments()),
                    PublicAccountPages.named(frame.words(), trouble.call()),
                    trouble.call(),
                    resumptions.isHeld(trouble)))
            .toList(),
        mayResume(staff, channel, account),
        said,
        later);
  }

  private static String url(Channel channel, String account) {
    return ACCOUNTS + "/" + channel.name() + "/" + account;
  }

  /// What became of it, some seconds after it was tried again.
  private void troubles(RoutingContext rc) {
    requireReader(rc);
    Channel channel = channel(rc);
    String account = account(rc, channel);
    Frame frame = Frame.of(rc);
    String resumed = rc.request().getParam("resumed");
    String said = null;
    if (resumed != null) {
      boolean again =
          channel.troubles().stream()
              .anyMatch(each ->
                  each.account().equals(account)
                      && each.call().equals(resumed)
                      && resumptions.isHeld(each));
      said =
          frame
              .words()
              .of(
                  again ? "accounts.resume-refused" : "accounts.resume-well",
                  PublicAccountPages.named(frame.words(), resumed));
    }
    page.send(
        rc,
        "reception/_account-troubles",
        troubles(frame, Staff.signedIn(rc), channel, account, said, null));
  }

  /// Whoever leads, here or for all of the account, has put it right or heard that it was.
  private void resume(RoutingContext rc) {
    requireReader(rc);
    Channel channel = channel(rc);
    String account = account(rc, channel);
    Staff staff = Staff.signedIn(rc);
    if (!mayResume(staff, channel, account)) {
      throw new Refusal("resume-not-yours", 403);
    }
    String call = rc.request().getFormAttribute("call");
    Optional<Resumptions.Resumed> resumed =
        resumptions.resume(
            channel,
            account,
            call == null ? "" : call,
            trouble ->
                community
                    .audit()
                    .write(
                        db,
                        Who.staff(staff.id(), Caller.ip(rc)),
                        Deed.CHANNEL_RESUMED,
                        Map.of(
                            "account",
                            account,
                            "call",
                            trouble.call(),
                            "code",
                            Integer.toString(trouble.code()))));
    if (!Htmx.asks(rc)) {
      Htmx.see(rc, ACCOUNTS + "?done=account-resumed");
      return;
    }
    Frame frame = Frame.of(rc);
    Words words = frame.words();
    String said =
        resumed
            .map(each ->
                words.of(
                    each.waiting() == 0 ? "accounts.resumed-none" : "accounts.resumed",
                    PublicAccountPages.named(words, each.trouble().call()),
                    each.waiting()))
            .orElseGet(() -> words.of("accounts.resumed-already"));
    String later =
        resumed
            .map(each ->
                url(channel, account)
                    + "/troubles?resumed="
                    + URLEncoder.encode(each.trouble().call(), UTF_8))
            .orElse(null);
    page.send(
        rc, "reception/_account-troubles", troubles(frame, staff, channel, account, said, later));
  }

  private boolean mayResume(Staff staff, Channel channel, String account) {
    return DeskOrders.isLeader(staff) || mayPublish(staff, channel, account);
  }

  private @Nullable Leave leave(Ladder ladder) {
    Ladder.Subscription wanted = ladder.subscription();
    if (wanted == null) {
      return null;
    }
    List<FigureStore.Leave> all = store.leave(db, MOST_LEAVE);
    long counted = all.stream().mapToLong(FigureStore.Leave::people).sum();
    return all.stream()
        .filter(each -> each.template().equals(wanted.template()))
        .map(each -> new Leave(each.people(), each.left(), each.standing(), counted >= MOST_LEAVE))
        .findFirst()
        .orElse(new Leave(0, 0, 0, false));
  }

  private void askLimits(RoutingContext rc) {
    requireReader(rc);
    Channel channel = channel(rc);
    String account = account(rc, channel);
    try {
      channel.askLimits(account);
      Htmx.see(rc, ACCOUNTS);
    } catch (ChannelError refused) {
      show(rc, String.valueOf(refused.getMessage()));
    }
  }

  private void menu(RoutingContext rc) {
    menu(rc, null);
  }

  private void menu(RoutingContext rc, @Nullable String refused) {
    requireReader(rc);
    Channel channel = channel(rc);
    String account = account(rc, channel);
    Frame frame = Frame.of(rc);
    Menus menus = channel.menus();
    boolean allowed = menus.mayHave(account);
    String failed = refused;
    List<Menus.Button> published = List.of();
    if (allowed && failed == null) {
      try {
        published = menus.published(account);
      } catch (ChannelError no) {
        failed = String.valueOf(no.getMessage());
      }
    }
    Staged staged = menus.staged(account);
    List<Menus.Button> next =
        staged instanceof Staged.Good(_, List<Menus.Button> buttons, _) ? buttons : List.of();
    page.send(
        rc,
        "reception/menu",
        new MenuPage(
            frame,
            channel.name() + "/" + account,
            label(frame.words(), channel, account),
            allowed,
            failed,
            published,
            next,
            switch (staged) {
              case Staged.Good(String file, _, _) -> file;
              case Staged.Faulty(String file, _) -> file;
              case Staged.Missing(String file) -> file;
            },
            staged instanceof Staged.Missing,
            staged instanceof Staged.Faulty(_, List<Menus.Problem> problems)
                ? problems.stream().map(each -> sentence(frame.words(), each)).toList()
                : List.of(),
            staged instanceof Staged.Good ? changes(lines(published), lines(next)) : List.of(),
            staged instanceof Staged.Good(_, _, String seen) ? seen : null,
            mayPublish(Staff.signedIn(rc), channel, account)));
  }

  private static String sentence(Words words, Menus.Problem problem) {
    return words.of(
        "menu.problem-at",
        problem.line(),
        words.of("menu.problem." + problem.key(), problem.arguments().toArray()));
  }

  private void publish(RoutingContext rc) {
    requireReader(rc);
    Channel channel = channel(rc);
    String account = account(rc, channel);
    Staff staff = Staff.signedIn(rc);
    if (!mayPublish(staff, channel, account)) {
      throw new Refusal("menu-not-yours", 403);
    }
    if (!channel.menus().mayHave(account)) {
      throw new Refusal("menu-not-allowed", 422);
    }
    String seen = rc.request().getFormAttribute("seen");
    try {
      channel.menus().publish(account, seen == null ? "" : seen);
    } catch (ChannelError.Refused changed) {
      if (changed.why() == ChannelError.Why.CONTENT
          && !(channel.menus().staged(account) instanceof Staged.Good(_, _, String now)
              && now.equals(seen))) {
        throw new Refusal("menu-changed", 409);
      }
      menu(rc, String.valueOf(changed.getMessage()));
      return;
    } catch (ChannelError failed) {
      menu(rc, String.valueOf(failed.getMessage()));
      return;
    }
    List<String> now =
        channel.menus().staged(account) instanceof Staged.Good(_, List<Menus.Button> buttons, _)
            ? lines(buttons)
            : List.of();
    community
        .audit()
        .write(
            db,
            Who.staff(staff.id(), Caller.ip(rc)),
            Deed.MENU_PUBLISHED,
            Map.of("account", account, "menu", now));
    Htmx.see(rc, ACCOUNTS + "/" + channel.name() + "/" + account + "/menu?done=menu-published");
  }

  /// As both menus are compared.
  private static List<String> lines(List<Menus.Button> buttons) {
    var lines = new ArrayList<String>();
    for (Menus.Button each : buttons) {
      lines.add(each.below().isEmpty() ? line(each) : each.name());
      each.below().forEach(below -> lines.add("　" + line(below)));
    }
    return lines;
  }

  private static String line(Menus.Button button) {
    return button.name() + "  " + button.deed() + " " + button.value();
  }

  /// What is the same at the beginning and the end stays; between, what goes stands before what
  /// comes, line by line.
  static List<Change> changes(List<String> before, List<String> after) {
    var changes = new ArrayList<Change>();
    int i = 0;
    for (String line : after) {
      int found = before.subList(i, before.size()).indexOf(line);
      if (found < 0) {
        changes.add(new Change("new", line));
      } else {
        before.subList(i, i + found).forEach(gone -> changes.add(new Change("gone", gone)));
        changes.add(new Change("same", line));
        i += found + 1;
      }
    }
    before.subList(i, before.size()).forEach(gone -> changes.add(new Change("gone", gone)));
    return changes;
  }

  private static void requireReader(RoutingContext rc) {
    if (!TroubleRoutes.canAct(rc)) {
      throw Refusal.notFound();
    }
  }

  /// Whose own territory holds all for whom the account speaks.
  private boolean mayPublish(Staff staff, Channel channel, String account) {
    var territories = community.territories();
    Territory home =
        Optional.ofNullable(homeOfAccount.get(new AccountKey(channel.name(), account)))
            .flatMap(territories::byCode)
            .orElseGet(territories::root);
    return PUBLISHERS.contains(staff.role())
        && territories.byId(staff.territoryId()).contains(home);
  }

  private Channel channel(RoutingContext rc) {
    String name = requireNonNull(rc.pathParam("channel"));
    return channels.all().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  private static String account(RoutingContext rc, Channel channel) {
    String name = requireNonNull(rc.pathParam("account"));
    return channel.standings().stream()
        .map(Standing::account)
        .filter(name::equals)
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  private static String label(Words words, Channel channel, String account) {
    return Ways.label(words, new AddressKey(channel.name(), account, "-"));
  }
}
