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
import io.linyu.community.Desks;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Heads of buildings and groups in their own chat: what they are asked to look at is said to them
/// there, and they simply write back, speak, send a picture, or say 1, 2 or 3. It all happens in
/// the turn of the message.
///
/// Only what is open, and was told there lately, is answered by free words; a word of the bot's, of
/// duty or of danger never is. Whoever meant something else says so, and nothing of it is kept.
///
/// What is spoken is never their answer without their hearing what was understood, and how to
/// correct it: where the platform understands it, at once, else when somebody has listened.
final class RequestTalk implements Requests.Mouth {
  private static final Duration ASKED_FOR = Duration.ofMinutes(10);
  private static final Duration FORGET = Duration.ofMinutes(10);

  /// So long a picture goes with the answer that was just given.
  private static final Duration GOES_ALONG = Duration.ofMinutes(30);

  /// And so long words can be said to have been none.
  private static final Duration MISTAKEN = Duration.ofMinutes(10);

  private static final int LEAST = 2;

  /// 2, 第二件, 二.
  private static final String SPOKEN_NUMBERS = "一二三四五六七八九";

  private static final Pattern NUMBER =
      Pattern.compile("(?:第|选|回)?([1-9" + SPOKEN_NUMBERS + "])(?:个|号|项|件)?");

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
  private static final List<String> AGAIN = List.of("改", "听错了", "change");
  private static final List<String> DROP = List.of("取消", "cancel");

  private final Db db;
  private final Requests requests;
  private final Cases cases;
  private final Errands errands;
  private final StaffAddresses addresses;
  private final Scenes scenes;
  private final StaffCalls calls;
  private final VoiceQueue voices;
  private final Desks desks;
  private final RequestTalkStore store = new RequestTalkStore();

  RequestTalk(
      Db db,
      Requests requests,
      Cases cases,
      Errands errands,
      StaffAddresses addresses,
      Scenes scenes,
      StaffCalls calls,
      VoiceQueue voices,
      Desks desks) {
    this.db = db;
    this.requests = requests;
    this.cases = cases;
    this.errands = errands;
    this.addresses = addresses;
    this.scenes = scenes;
    this.calls = calls;
    this.voices = voices;
    this.desks = desks;
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

  /// By when somebody listens to what they have said to this.
  @Override
  public Optional<Instant> heardBy(Tx tx, long request) {
    return voices.heardBy(tx, request);
  }

  // What they answer.

  /// What they said in words, and the messages in which they spoke them; none: they typed.
  private record Said(String text, List<Long> sounds) {
    boolean isSpoken() {
      return !sounds.isEmpty();
    }
  }

  /// Whether it may be for us, so that the turn runs alone.
  static boolean mayConcern(Content content, Conversation with, Instant now) {
    Instant until = with.askedUntil;
    return until != null
        && now.isBefore(until)
        && (content instanceof Content.Text
            || content instanceof Content.Image
            || content instanceof Content.Voice)
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
      case Content.Text(String text, _) -> words(context, head, inbound, new Said(text, List.of()));
      case Content.Voice(_, _, String text) when text != null && !text.isBlank() ->
          words(context, head, inbound, new Said(text, List.of(context.heard())));
      case Content.Voice _ -> Duties.trying(context, head, () -> voice(context, head));
      default -> Optional.empty();
    };
  }

  private Optional<String> words(Context context, Staff head, Inbound inbound, Said said) {
    return scenes.isDanger(inbound, context.now())
        ? Optional.empty()
        : Duties.trying(context, head, () -> said(context, head, said));
  }

  private Optional<String> said(Context context, Staff head, Said said) {
    String plain = plain(said.text());
    Optional<RequestTalkStore.Question> pending = pending(context, head);
    if (pending.isPresent() && pending.get().isWhich()) {
      if (DROP.contains(plain)) {
        voices.drop(context.tx(), pending.get().messages());
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
    if (AGAIN.contains(plain)) {
      return again(context, head);
    }
    List<Request> open = meant(context, head, pending);
    Outcome outcome = outcome(plain);
    if (open.isEmpty() || isOfDuty(context, head, said.text(), open)) {
      return Optional.empty();
    }
    if (outcome == null && (plain.length() < LEAST || scenes.isWord(text(said)))) {
      return Optional.empty();
    }
    if (outcome == null && isAside(context, pending)) {
      return Optional.empty();
    }
    return open.size() == 1
        ? Optional.of(
            taken(
                context,
                head.language(),
                open.getFirst(),
                outcome,
                outcome == null ? said : new Said("", said.sounds()),
                List.of()))
        : Optional.of(which(context, head, open, said.text(), said.sounds()));
  }

  private static Content text(Said said) {
    return new Content.Text(said.text(), null);
  }

  /// What they were asked last, and have not said yet.
  private Optional<RequestTalkStore.Question> pending(Context context, Staff head) {
    return store.asked(context.tx(), context.with().addressId, head.id(), context.now());
  }

  /// To what they may be answering now: what they wanted to say again, else whatever is open.
  private List<Request> meant(
      Context context, Staff head, Optional<RequestTalkStore.Question> pending) {
    return pending
        .filter(RequestTalkStore.Question::isAgain)
        .flatMap(each -> requests.openTo(context.tx(), head, each.requests().getFirst()))
        .map(List::of)
        .orElseGet(() -> requests.heard(context.tx(), head));
  }

  /// They have just said that what comes now is a matter of their own; from then on the bot has it.
  private boolean isAside(Context context, Optional<RequestTalkStore.Question> pending) {
    boolean aside = pending.isPresent() && pending.get().isAside();
    if (aside) {
      store.answered(context.tx(), context.with().addressId);
    }
    return aside;
  }

  private static @Nullable Outcome outcome(String plain) {
    Integer number = plain.length() == 1 ? number(plain) : null;
    return OUTCOMES.get(number == null ? plain : number.toString());
  }

  /// As it is typed, or said aloud.
  private static @Nullable Integer number(String plain) {
    Matcher said = NUMBER.matcher(plain);
    if (!said.matches()) {
      return null;
    }
    String digit = said.group(1);
    int spoken = SPOKEN_NUMBERS.indexOf(digit);
    return spoken < 0 ? Integer.valueOf(digit) : Integer.valueOf(spoken + 1);
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
          .map(each ->
              taken(
                  context,
                  head.language(),
                  each,
                  each.outcome(),
                  new Said(words(each), List.of()),
                  picture));
    }
    if (isCalledSince(context, head, open)) {
      return Optional.empty();
    }
    return Optional.of(
        open.size() == 1
            ? taken(
                context, head.language(), open.getFirst(), null, new Said("", List.of()), picture)
            : which(context, head, open, null, picture));
  }

  /// What they had said, so that it stands with the picture.
  private static String words(Request before) {
    String said = before.answer();
    return before.wordsOnly() && said != null ? said : "";
  }

  /// A voice that nobody but a person can understand.
  private Optional<String> voice(Context context, Staff head) {
    Optional<RequestTalkStore.Question> pending = pending(context, head);
    List<Request> open = meant(context, head, pending);
    if (open.isEmpty() || isAside(context, pending)) {
      return Optional.empty();
    }
    if (open.size() == 1) {
      Request asked = open.getFirst();
      store.answered(context.tx(), context.with().addressId);
      Instant by =
          voices.keepAnswer(
              context.tx(),
              context.with(),
              context.heard(),
              deskOf(context.tx(), asked),
              asked.id(),
              context.now());
      return Optional.of(kept(head, asked, by));
    }
    // Until they say to which, it waits where what residents say there does: it is not lost.
    voices.keepForOneOfSeveral(
        context.tx(),
        context.with(),
        context.heard(),
        desks.fallbackFor(scenes.around(context.with())),
        context.now());
    return Optional.of(which(context, head, open, null, List.of(context.heard())));
  }

  private String kept(Staff head, Request asked, Instant by) {
    Words words = Words.in(head.language());
    return words.of(
        "asked.voice-kept",
        asked.place(),
        asked.deskName(),
        calls.times(words).before(by, calls.now()));
  }

  private long deskOf(Tx tx, Request asked) {
    return cases.named(tx, asked.caseId()).orElseThrow().deskId();
  }

  /// @param outcome null: what they said or sent says it
  private String taken(
      Context context,
      String language,
      Request asked,
      @Nullable Outcome outcome,
      Said said,
      List<Long> pictures) {
    store.answered(context.tx(), context.with().addressId);
    Outcome is = outcome == null ? Outcome.TOLD : outcome;
    Request now =
        requests.answer(context.tx(), asked, is, said.text().strip(), pictures, said.sounds());
    Words words = Words.in(language);
    var reply = new ArrayList<String>();
    if (said.isSpoken()) {
      store.hold(context.tx(), context.with().addressId, context.now().plus(Request.CHANGEABLE));
      reply.add(words.of("asked.heard", understood(now, said, words)));
    }
    if (is == Outcome.CANNOT) {
      reply.add(words.of("asked.cannot", now.deskName()));
    } else {
      reply.add(words.of("asked.thanks", now.place(), now.deskName()));
      if (asked.photo() && pictures.isEmpty()) {
        reply.add(words.of("asked.photo-too"));
      }
    }
    if (said.isSpoken()) {
      reply.add(words.of(now.wordsOnly() ? "asked.heard-wrong" : "asked.heard-wrong-number"));
    } else if (now.wordsOnly()) {
      reply.add(words.of("asked.not-this"));
    }
    return String.join("\n", reply);
  }

  private static String understood(Request now, Said said, Words words) {
    Outcome outcome = now.outcome();
    if (outcome == null || outcome == Outcome.TOLD) {
      return said.text();
    }
    String result = words.of(now.key(outcome));
    return said.text().isEmpty() ? result : words.of("request.with-words", result, said.text());
  }

  /// @param said null: nothing in words
  /// @param messages what came with it
  private String which(
      Context context, Staff head, List<Request> open, @Nullable String said, List<Long> messages) {
    ask(context, head, open, said, messages, ASKED_FOR);
    Words words = Words.in(head.language());
    return choices(open, words.of("asked.which"), words);
  }

  private void ask(
      Context context,
      Staff head,
      List<Request> open,
      @Nullable String said,
      List<Long> messages,
      Duration lasts) {
    store.ask(
        context.tx(),
        context.with().addressId,
        head.id(),
        open.stream().map(Request::id).toList(),
        said,
        messages,
        context.now(),
        context.now().plus(lasts));
  }

  private static String choices(List<Request> open, String first, Words words) {
    var reply = new ArrayList<String>();
    reply.add(first);
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
    List<Long> sounds = store.sounds(context.tx(), pending.messages());
    List<Long> pictures =
        pending.messages().stream().filter(each -> !sounds.contains(each)).toList();
    String text = pending.text();
    if (text != null) {
      Outcome outcome = outcome(plain(text));
      Said said = new Said(outcome == null ? text : "", sounds);
      return Optional.of(taken(context, head.language(), asked.get(), outcome, said, pictures));
    }
    var reply = new ArrayList<String>();
    if (!sounds.isEmpty()) {
      store.answered(context.tx(), context.with().addressId);
      voices
          .isAnswer(context.tx(), sounds, deskOf(context.tx(), asked.get()), request)
          .ifPresent(by -> reply.add(kept(head, asked.get(), by)));
    }
    if (!pictures.isEmpty() || reply.isEmpty()) {
      reply.addFirst(
          taken(context, head.language(), asked.get(), null, new Said("", List.of()), pictures));
    }
    return Optional.of(String.join("\n", reply));
  }

  /// What they wrote or said was not about that. What they say next is the bot's.
  private Optional<String> notThis(Context context, Staff head) {
    return requests
        .lastAnswered(context.tx(), head, context.now().minus(Request.CHANGEABLE))
        .filter(Request::wordsOnly)
        .filter(each -> each.spoken() || isSince(each, context.now().minus(MISTAKEN)))
        .map(each -> {
          requests.mistaken(context.tx(), each);
          ask(context, head, List.of(), null, List.of(), ASKED_FOR);
          return Words.in(head.language()).of("asked.mistaken");
        });
  }

  private static boolean isSince(Request each, Instant since) {
    Instant answered = each.answeredAt();
    return answered != null && !answered.isBefore(since);
  }

  /// What they spoke was understood wrongly: nothing of it is kept, and they say it once more.
  ///
  /// What was looked at before it was accepted went on by it; there what they say next takes its
  /// place.
  private Optional<String> again(Context context, Staff head) {
    return requests
        .lastAnswered(context.tx(), head, context.now().minus(Request.CHANGEABLE))
        .filter(Request::spoken)
        .filter(each -> each.isOpenTo(context.now()))
        .map(each -> {
          if (each.wordsOnly() && !each.look()) {
            requests.mistaken(context.tx(), each);
          }
          ask(context, head, List.of(each), null, List.of(), ASKED_FOR);
          return Words.in(head.language()).of("asked.again", each.place());
        });
  }

  // What somebody has listened to.

  /// A head's voice, written down. Empty: it is what somebody else says.
  ///
  /// @param request to which it is the answer; null: they were asked to which of several
  /// @param at when they said it
  /// @param sounds the messages in which they did
  Optional<String> typed(
      Context context, @Nullable Long request, String text, Instant at, List<Long> sounds) {
    if (scenes.danger(text).isPresent()) {
      return Optional.empty();
    }
    Said said = new Said(text, sounds);
    if (request != null) {
      return Optional.of(
          requests
              .openTo(context.tx(), request)
              .map(each -> answered(context, each.language(), each, said, at))
              .orElseGet(() -> Words.in(context.with().language).of("asked.heard-late", text)));
    }
    Staff head = addresses.at(context.tx(), context.with().addressId).orElse(null);
    List<Request> open = head == null ? List.of() : requests.heard(context.tx(), head);
    if (head == null || open.isEmpty()) {
      return Optional.empty();
    }
    if (open.size() == 1) {
      return Optional.of(answered(context, head.language(), open.getFirst(), said, at));
    }
    // Whoever is told hours later does not answer at once.
    ask(context, head, open, text, sounds, Request.CHANGEABLE);
    store.hold(context.tx(), context.with().addressId, context.now().plus(Request.CHANGEABLE));
    Words words = Words.in(head.language());
    return Optional.of(choices(open, words.of("asked.heard-which", text), words));
  }

  /// What they have answered since they said it stays, and this stands behind it.
  private String answered(Context context, String language, Request asked, Said said, Instant at) {
    if (isSince(asked, at)) {
      String before = asked.outcome() == Outcome.TOLD ? asked.answer() : null;
      String both = before == null ? said.text() : before + "\n" + said.text();
      return taken(
          context, language, asked, asked.outcome(), new Said(both, said.sounds()), List.of());
    }
    Outcome outcome = outcome(plain(said.text()));
    Said rest = outcome == null ? said : new Said("", said.sounds());
    return taken(context, language, asked, outcome, rest, List.of());
  }

  private static String plain(String said) {
    return DutyWord.plain(said);
  }
}
