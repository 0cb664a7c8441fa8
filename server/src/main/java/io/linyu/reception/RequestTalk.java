package io.linyu.reception;

import io.linyu.casework.Case;
import io.linyu.casework.Cases;
import io.linyu.casework.Errands;
import io.linyu.casework.Request;
import io.linyu.casework.Request.Outcome;
import io.linyu.casework.Requests;
import io.linyu.casework.Requests.Telling;
import io.linyu.channel.Content;
import io.linyu.channel.Inbound;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Heads of buildings and groups in their own chat: what they are asked to look at is said to them
/// there, and they simply write back, send a picture, or say 1, 2 or 3. It all happens in the turn
/// of the message.
///
/// Only what is open, and was told there lately, is answered by free words; a word of the bot's, of
/// duty or of danger never is. Whoever meant something else says so, and nothing of it is kept.
final class RequestTalk implements Requests.Mouth {
  private static final Duration ASKED_FOR = Duration.ofMinutes(10);
  private static final Duration FORGET = Duration.ofMinutes(10);

  /// So long a picture goes with the answer that was just given.
  private static final Duration GOES_ALONG = Duration.ofMinutes(30);

  /// And so long words can be said to have been none.
  private static final Duration MISTAKEN = Duration.ofMinutes(10);

  private static final int LEAST = 2;
  private static final int NUMBERS = 9;

  private static final Map<String, Outcome> OUTCOMES =
      Map.of(
          "1",
          Outcome.GOOD,
          "2",
          Outcome.BAD,
          "3",
          Outcome.CANNOT,
          "去不了",
          Outcome.CANNOT,
          "i cannot go",
          Outcome.CANNOT);

  private static final List<String> NOT_THIS = List.of("不是", "不是这件事", "不是说这个", "not this");
  private static final List<String> DROP = List.of("取消", "cancel");

  private final Db db;
  private final Requests requests;
  private final Cases cases;
  private final Errands errands;
  private final StaffAddresses addresses;
  private final Scenes scenes;
  private final StaffCalls calls;
  private final RequestTalkStore store = new RequestTalkStore();

  RequestTalk(
      Db db,
      Requests requests,
      Cases cases,
      Errands errands,
      StaffAddresses addresses,
      Scenes scenes,
      StaffCalls calls) {
    this.db = db;
    this.requests = requests;
    this.cases = cases;
    this.errands = errands;
    this.addresses = addresses;
    this.scenes = scenes;
    this.calls = calls;
  }

  void start(Ticker ticker) {
    var _ =
        ticker.every(
            FORGET,
            "forget-request-questions",
            () -> {
              store.forget(db, calls.now());
              return false;
            });
  }

  // What is said to them.

  @Override
  public void hold(Tx tx, long address, Instant until) {
    store.hold(tx, address, until);
  }

  /// The words of the desk and the place: nothing of whoever told it.
  @Override
  public void ask(Tx tx, Telling telling) {
    Request asked = telling.request();
    Words words = Words.in(telling.to().language());
    String page = "/h5/requests/" + asked.code();
    String text =
        String.join(
            "\n",
            words.of("asked.head", asked.deskName(), asked.askedByName()),
            words.of("asked.what", asked.place(), asked.question()),
            words.of(asked.look() ? "asked.how-look" : "asked.how"),
            words.of(asked.photo() ? "asked.photo" : "asked.words"),
            words.of(
                "asked.until",
                calls.times(words).before(asked.until(), calls.now()),
                calls.link(page)));
    Case matter = cases.named(tx, asked.caseId()).orElseThrow();
    var fields =
        new StaffCalls.Fields(
            words.of("asked.matter", asked.place()), words.of("asked.state"), asked.until(), page);
    calls.call(tx, telling.addressId(), "request:" + asked.id(), matter, text, fields, words);
  }

  @Override
  public void over(Tx tx, Telling telling) {
    Request asked = telling.request();
    calls.call(
        tx,
        telling.addressId(),
        "request-over:" + asked.id(),
        Words.in(telling.to().language()).of("asked.over", asked.place(), asked.deskName()));
  }

  // What they answer.

  /// Whether it may be for us, so that the turn runs alone.
  static boolean mayConcern(Content content, Conversation with, Instant now) {
    Instant until = with.askedUntil;
    return until != null
        && now.isBefore(until)
        && (content instanceof Content.Text || content instanceof Content.Image)
        && !with.byPerson
        && with.state.asksNothing();
  }

  /// Empty: it is what somebody else says.
  Optional<String> answer(Context context) {
    Inbound inbound = context.inbound();
    if (inbound == null || !mayConcern(inbound.content(), context.with(), context.now())) {
      return Optional.empty();
    }
    Optional<Staff> who = addresses.at(context.tx(), context.with().addressId);
    if (who.isEmpty()) {
      return Optional.empty();
    }
    Staff head = who.get();
    return switch (inbound.content()) {
      case Content.Image _ -> Duties.trying(context, head, () -> picture(context, head));
      case Content.Text(String said, _) ->
          scenes.isDanger(inbound, context.now())
              ? Optional.empty()
              : Duties.trying(context, head, () -> said(context, head, inbound.content(), said));
      default -> Optional.empty();
    };
  }

  private Optional<String> said(Context context, Staff head, Content content, String said) {
    String plain = plain(said);
    Optional<RequestTalkStore.Question> pending =
        store.asked(context.tx(), context.with().addressId, head.id(), context.now());
    if (pending.isPresent()) {
      if (DROP.contains(plain)) {
        store.answered(context.tx(), context.with().addressId);
        return Optional.of(Words.in(head.language()).of("duty.dropped"));
      }
      Integer chosen = number(plain);
      if (chosen != null && chosen <= pending.get().requests().size()) {
        return chosen(context, head, pending.get(), pending.get().requests().get(chosen - 1));
      }
    }
    if (NOT_THIS.contains(plain)) {
      return notThis(context, head);
    }
    List<Request> open = requests.heard(context.tx(), head);
    Outcome outcome = OUTCOMES.get(plain);
    if (open.isEmpty() || isOfDuty(context, head, said, open)) {
      return Optional.empty();
    }
    if (outcome == null && (plain.length() < LEAST || scenes.isWord(content))) {
      return Optional.empty();
    }
    return open.size() == 1
        ? Optional.of(
            taken(context, head, open.getFirst(), outcome, outcome == null ? said : "", List.of()))
        : Optional.of(which(context, head, open, said, null));
  }

  private static @Nullable Integer number(String plain) {
    return plain.length() == 1 && plain.charAt(0) >= '1' && plain.charAt(0) <= '0' + NUMBERS
        ? plain.charAt(0) - '0'
        : null;
  }

  /// A word of those who are called to cases; a bare 1 where they were called after they were
  /// asked.
  private boolean isOfDuty(Context context, Staff head, String said, List<Request> open) {
    Optional<DutyWord> word = DutyWord.of(said);
    if (word.isEmpty()) {
      return false;
    }
    return !(word.get() instanceof DutyWord.One) || isCalledSince(context, head, open);
  }

  private boolean isCalledSince(Context context, Staff head, List<Request> open) {
    Instant asked = open.getFirst().toldAt();
    return errands
        .toldLast(context.tx(), head)
        .filter(called -> asked == null || called.isAfter(asked))
        .isPresent();
  }

  private Optional<String> picture(Context context, Staff head) {
    List<Request> open = requests.heard(context.tx(), head);
    List<Long> picture = List.of(context.heard());
    if (open.isEmpty()) {
      return requests
          .lastAnswered(context.tx(), head, context.now().minus(GOES_ALONG))
          .filter(each -> each.isOpenTo(context.now()) && each.outcome() != Outcome.CANNOT)
          .map(each -> taken(context, head, each, each.outcome(), words(each), picture));
    }
    if (isCalledSince(context, head, open)) {
      return Optional.empty();
    }
    return Optional.of(
        open.size() == 1
            ? taken(context, head, open.getFirst(), null, "", picture)
            : which(context, head, open, null, context.heard()));
  }

  /// What they had said, so that it stands with the picture.
  private static String words(Request before) {
    String said = before.answer();
    return before.wordsOnly() && said != null ? said : "";
  }

  /// @param outcome null: what they said or sent says it
  private String taken(
      Context context,
      Staff head,
      Request asked,
      @Nullable Outcome outcome,
      String said,
      List<Long> pictures) {
    store.answered(context.tx(), context.with().addressId);
    Outcome is = outcome == null ? Outcome.TOLD : outcome;
    Request now = requests.answer(context.tx(), asked, is, said.strip(), pictures);
    Words words = Words.in(head.language());
    if (is == Outcome.CANNOT) {
      return words.of("asked.cannot", now.deskName());
    }
    var reply = new ArrayList<String>();
    reply.add(words.of("asked.thanks", now.place(), now.deskName()));
    if (asked.photo() && pictures.isEmpty()) {
      reply.add(words.of("asked.photo-too"));
    }
    if (now.wordsOnly()) {
      reply.add(words.of("asked.not-this"));
    }
    return String.join("\n", reply);
  }

  private String which(
      Context context,
      Staff head,
      List<Request> open,
      @Nullable String said,
      @Nullable Long picture) {
    store.ask(
        context.tx(),
        context.with().addressId,
        head.id(),
        open.stream().map(Request::id).toList(),
        said,
        picture,
        context.now(),
        context.now().plus(ASKED_FOR));
    Words words = Words.in(head.language());
    var reply = new ArrayList<String>();
    reply.add(words.of("asked.which"));
    for (int i = 0; i < open.size(); i++) {
      reply.add(words.of("asked.choice", i + 1, open.get(i).place(), open.get(i).question()));
    }
    return String.join("\n", reply);
  }

  private Optional<String> chosen(
      Context context, Staff head, RequestTalkStore.Question pending, long request) {
    Optional<Request> asked =
        requests.heard(context.tx(), head).stream()
            .filter(each -> each.id() == request)
            .findFirst();
    if (asked.isEmpty()) {
      store.answered(context.tx(), context.with().addressId);
      return Optional.of(Words.in(head.language()).of("refusal.request-over"));
    }
    String said = pending.text();
    Outcome outcome = said == null ? null : OUTCOMES.get(plain(said));
    return Optional.of(
        taken(
            context,
            head,
            asked.get(),
            outcome,
            said == null || outcome != null ? "" : said,
            pending.messages()));
  }

  /// What they wrote was not about that.
  private Optional<String> notThis(Context context, Staff head) {
    return requests
        .lastAnswered(context.tx(), head, context.now().minus(MISTAKEN))
        .filter(Request::wordsOnly)
        .map(each -> {
          requests.mistaken(context.tx(), each);
          return Words.in(head.language()).of("asked.mistaken");
        });
  }

  private static String plain(String said) {
    return DutyWord.plain(said);
  }
}
