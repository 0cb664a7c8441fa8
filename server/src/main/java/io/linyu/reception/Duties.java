package io.linyu.reception;

import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.Alarms;
import io.linyu.casework.Boxes;
import io.linyu.casework.Case;
import io.linyu.casework.CatchUp;
import io.linyu.casework.CatchUps;
import io.linyu.casework.Errand;
import io.linyu.casework.Errands;
import io.linyu.casework.Errands.Answered;
import io.linyu.casework.Errands.Item;
import io.linyu.casework.Errands.Telling;
import io.linyu.casework.Shifts;
import io.linyu.channel.Content;
import io.linyu.channel.Inbound;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses;
import io.linyu.community.StaffAddresses.Claim;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.TimeWords;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Staff in a chat: what they are called to is said to them there, and a few words ([DutyWord])
/// answer it, by the same doors and permits as the console. Anything else that they say is the
/// bot's, as of any resident; so is danger.
///
/// It all happens in the turn of the message, so a repeated delivery gets the same answer and does
/// nothing twice. Whether somebody works here is asked anew in every turn.
final class Duties implements Errands.Mouth, Shifts.Mouth, Boxes.Mouth {
  private static final Duration ASKED_FOR = Duration.ofMinutes(10);
  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final int LISTED = 10;

  private final Db db;
  private final Errands errands;
  private final StaffAddresses addresses;
  private final Scenes scenes;
  private final StaffCalls calls;
  private final DutyStore store = new DutyStore();

  Duties(Db db, Errands errands, StaffAddresses addresses, Scenes scenes, StaffCalls calls) {
    this.db = db;
    this.errands = errands;
    this.addresses = addresses;
    this.scenes = scenes;
    this.calls = calls;
  }

  void start(Ticker ticker) {
    var _ =
        ticker.every(
            FORGET,
            "forget-staff-questions",
            () -> {
              store.forget(db, calls.now());
              return false;
            });
  }

  // What is said to them.

  @Override
  public void tell(Tx tx, Telling telling) {
    Staff to = telling.to();
    Words words = Words.in(to.language());
    List<Item> items = telling.items();
    boolean alarm = items.stream().anyMatch(each -> each.danger() != null);
    String head =
        alarm
            ? words.of("duty.alarm")
            : items.size() == 1 ? words.of("duty.one") : words.of("duty.several", items.size());
    String text = head + "\n" + lines(items, words) + "\n" + how(items, words);
    Item first = items.getFirst();
    calls.call(
        tx,
        telling.addressId(),
        Long.toString(first.errand().id()),
        first.matter(),
        text,
        fields(first, words),
        words);
  }

  /// What is only news needs no answer.
  private static String how(List<Item> items, Words words) {
    return items.stream()
        .filter(each -> !each.errand().isNews())
        .findFirst()
        .map(each -> words.of(how(items), each.name()))
        .orElseGet(() -> words.of("duty.how-news"));
  }

  private static String how(List<Item> items) {
    if (items.stream().allMatch(each -> each.danger() == null)) {
      return "duty.how";
    }
    return items.stream().allMatch(each -> Alarms.UNSIGNED.equals(each.danger()))
        ? "duty.how-unsigned"
        : "duty.how-alarm";
  }

  /// That a desk was handed over and nobody has taken over.
  @Override
  public void remind(Tx tx, Shifts.Reminder reminder) {
    Words words = Words.in(reminder.to().language());
    var shift = reminder.shift();
    String page = "/console/handover/shifts/" + shift.code();
    String text =
        words.of(
            "duty.shift",
            shift.deskName(),
            shift.fromName(),
            calls.times(words).at(shift.handedAt(), calls.now()),
            calls.link(page));
    String once = "shift:" + shift.id() + ":" + reminder.to().id();
    Case about = reminder.about();
    if (about == null) {
      calls.call(tx, reminder.addressId(), once, text);
      return;
    }
    var fields =
        new StaffCalls.Fields(
            words.of("duty.shift-matter", shift.deskName()),
            words.of("duty.shift-state"),
            shift.handedAt(),
            page);
    calls.call(tx, reminder.addressId(), once, about, text, fields, words);
  }

  /// That boxes were not opened in time, once.
  @Override
  public void boxesWait(Tx tx, Boxes.Reminder reminder) {
    Words words = Words.in(reminder.to().language());
    calls.call(
        tx,
        reminder.addressId(),
        reminder.once(),
        words.of(
            "duty.boxes",
            reminder.community(),
            String.join("、", reminder.codes()),
            calls.link("/console/boxes")));
  }

  /// What a down-time left, or a rule that was turned live: how much, the oldest of it, and where
  /// the rest is found.
  void digest(Tx tx, CatchUps.Telling telling) {
    Words words = Words.in(telling.to().language());
    CatchUp why = telling.why();
    TimeWords times = calls.times(words);
    var text = new ArrayList<String>();
    text.add(
        why.beganAt() == null
            ? words.of("digest.rule", String.valueOf(why.rule()))
            : words.of(
                "digest.outage",
                times.exact(why.beganAt(), calls.now()),
                times.exact(why.endedAt(), calls.now())));
    text.add(
        words.of("digest.desk", telling.desk().name(), telling.cases())
            + telling.counts().entrySet().stream()
                .map(each ->
                    words.of(
                        "digest.count",
                        words.of("errand.why." + each.getKey().word()),
                        each.getValue()))
                .collect(Collectors.joining(words.of("digest.between"))));
    if (telling.theirs() > 0) {
      text.add(words.of("digest.theirs", telling.theirs()));
    }
    if (!telling.oldest().isEmpty()) {
      text.add(words.of("digest.oldest"));
      telling
          .oldest()
          .forEach(each ->
              text.add(
                  words.of(
                      "digest.line",
                      each.matter().number().text(),
                      what(each, words),
                      place(each),
                      why(each, words))));
    }
    text.add(
        words.of(
            "digest.all",
            calls.link(
                "/console/cases?view=all_open&holder="
                    + URLEncoder.encode(telling.desk().name(), StandardCharsets.UTF_8))));
    calls.call(
        tx,
        telling.addressId(),
        "digest:" + telling.id() + ":" + telling.to().id(),
        String.join("\n", text));
  }

  /// Where no free words go: what it is, where, and by when.
  private StaffCalls.Fields fields(Item item, Words words) {
    Instant due = item.due();
    return new StaffCalls.Fields(
        (what(item, words) + " " + place(item)).strip(),
        why(item, words),
        due == null ? calls.now() : due,
        item.page());
  }

  private String lines(List<Item> items, Words words) {
    return items.stream()
        .limit(LISTED)
        .map(each -> line(each, words))
        .collect(Collectors.joining("\n"));
  }

  /// Number, kind, place, by when, and where to look: nothing of the resident.
  private String line(Item item, Words words) {
    Instant due = item.due();
    String time =
        due == null
            ? ""
            : words.of(
                item.errand().why() == Errand.Why.CONVENED ? "duty.meets" : "duty.due",
                calls.times(words).at(due, calls.now()));
    return words.of(
        place(item).isEmpty() ? "duty.line-hidden" : "duty.line",
        item.name(),
        why(item, words),
        item.matter().number().text(),
        what(item, words),
        place(item),
        time,
        calls.link(item.page()));
  }

  private static String why(Item item, Words words) {
    return words.of("errand.why." + item.errand().why().word());
  }

  /// Others may see the screen: what is kept quiet is looked up on its page. In danger nobody has
  /// time for that.
  private static String place(Item item) {
    return item.danger() == null && item.category() != null && item.category().quiet()
        ? ""
        : item.place();
  }

  private static String what(Item item, Words words) {
    String danger = item.danger();
    if (danger != null) {
      return words.of(words.has("danger." + danger) ? "danger." + danger : "danger.other");
    }
    return item.category() == null
        ? words.of("duty.no-category")
        : item.category().quiet()
            ? words.of("quiet.title")
            : item.category().name(words.language());
  }

  // What they answer.

  /// Whether it may be for us, so that the turn runs alone; says nothing of who said it.
  static boolean mayConcern(Content content, Conversation with) {
    return content instanceof Content.Text(String text, _)
        && DutyWord.of(text).filter(word -> !word.isBare() || isFree(with)).isPresent();
  }

  private static boolean isFree(Conversation with) {
    return !with.byPerson && with.state.asksNothing();
  }

  /// Empty: it is what a resident says.
  Optional<String> answer(Context context) {
    Inbound inbound = context.inbound();
    if (inbound == null) {
      return Optional.empty();
    }
    return switch (inbound.content()) {
      case Content.Text(String text, _) ->
          DutyWord.of(text).flatMap(word -> answer(context, inbound, word));
      case Content.Image _ -> picture(context);
      case Content.Scanned(String scene) -> scanned(context, scene);
      case Content.Followed(String scene) when scene != null -> scanned(context, scene);
      case Content.Followed _,
          Content.Voice _,
          Content.Video _,
          Content.File _,
          Content.Location _,
          Content.Unfollowed _,
          Content.MenuTapped _,
          Content.Other _ ->
          Optional.empty();
    };
  }

  /// What the bot says to danger; behind it, that what was meant as a word of duty was not done.
  @Nullable String besideDanger(Context context, @Nullable String said) {
    return said == null || !context.isDanger()
        ? said
        : said
            + "\n\n"
            + Words.in(context.with().language)
                .of("duty.not-done", calls.link("/console/cases?view=mine"));
  }

  /// What was said here as a member of staff is none of a resident's words.
  ///
  /// @param messages what they said, and what was answered
  void said(Tx tx, List<Long> messages) {
    store.ofDuty(tx, messages);
  }

  /// Whoever leaves the account is not called there any more.
  void atLast(Context context) {
    Inbound inbound = context.inbound();
    if (inbound != null && inbound.content() instanceof Content.Unfollowed) {
      addresses.left(context.tx(), context.with().addressId);
    }
  }

  private Optional<String> answer(Context context, Inbound inbound, DutyWord word) {
    if (word.isBare() && !isFree(context.with())) {
      return Optional.empty();
    }
    if (word instanceof DutyWord.Bind(String code)) {
      return Optional.of(bind(context, code));
    }
    Optional<Staff> who = addresses.at(context.tx(), context.with().addressId);
    if (who.isEmpty()) {
      return Optional.empty();
    }
    Staff staff = who.get();
    // Danger is danger, whatever stands before it: what was meant as a closing or a note is said
    // again afterwards, an alarm that did not ring is not.
    if (word.hasWords() && scenes.isDanger(inbound, context.now())) {
      context.ofDanger();
      return Optional.empty();
    }
    return switch (word) {
      case DutyWord.Bind _ -> Optional.empty();
      case DutyWord.Unbind _ -> Optional.of(unbind(context, staff));
      case DutyWord.Todo _ -> Optional.of(todo(context, staff));
      case DutyWord.Seen(String name) -> trying(context, staff, () -> seen(context, staff, name));
      case DutyWord.One _ -> trying(context, staff, () -> one(context, staff));
      case DutyWord.Yes _ -> trying(context, staff, () -> yes(context, staff));
      case DutyWord.No _ -> no(context, staff);
      case DutyWord.Named(String name) -> trying(context, staff, () -> named(context, staff, name));
      case DutyWord.Close(String name, String words) ->
          trying(context, staff, () -> close(context, staff, name, words));
      case DutyWord.PassOn _ ->
          Optional.of(
              Words.in(staff.language())
                  .of("duty.pass-on", calls.link("/console/cases?view=mine")));
      case DutyWord.Write(String name, String words) ->
          trying(context, staff, () -> write(context, staff, name, words));
    };
  }

  /// What is refused leaves no trace, and is said in a sentence.
  static Optional<String> trying(Context context, Staff staff, Supplier<Optional<String>> deed) {
    try {
      return context.tx().reversibly(deed);
    } catch (Refusal refused) {
      return Optional.of(Words.in(staff.language()).of(refused));
    }
  }

  // Binding.

  private Optional<String> scanned(Context context, String scene) {
    return scene.matches(PassingCodes.WORK + "\\d{8}")
        ? Optional.of(bind(context, scene.substring(PassingCodes.WORK.length())))
        : Optional.empty();
  }

  private String bind(Context context, String code) {
    Conversation with = context.with();
    Claim claim = addresses.claim(context.tx(), with.addressId, with.address, code);
    return switch (claim) {
      case Claim.Right(Staff staff, Long before) -> {
        Words words = Words.in(staff.language());
        if (before != null) {
          calls.call(
              context.tx(),
              before,
              "work-moved:" + context.heard(),
              words.of("duty.moved", Ways.label(words, with.address)));
        }
        yield words.of("duty.bound", staff.name());
      }
      case Claim.Wrong _ -> Words.in(with.language).of("duty.wrong-code");
      case Claim.TooOften _ -> Words.in(with.language).of("duty.too-often");
      case Claim.Taken _ -> Words.in(with.language).of("duty.taken");
    };
  }

  private String unbind(Context context, Staff staff) {
    addresses.unbind(context.tx(), staff, context.with().address);
    store.answered(context.tx(), context.with().addressId);
    return Words.in(staff.language()).of("duty.unbound");
  }

  // What is theirs.

  private String todo(Context context, Staff staff) {
    Words words = Words.in(staff.language());
    List<Item> theirs = errands.theirs(context.tx(), staff);
    if (theirs.isEmpty()) {
      return words.of("duty.nothing", calls.link("/console/cases"));
    }
    String more =
        theirs.size() > LISTED ? "\n" + words.of("duty.more", calls.link("/console/cases")) : "";
    return words.of("duty.todo", theirs.size())
        + "\n"
        + lines(theirs, words)
        + more
        + "\n"
        + words.of("duty.words");
  }

  private Optional<String> seen(Context context, Staff staff, @Nullable String name) {
    Words words = Words.in(staff.language());
    List<Item> meant;
    if (name != null) {
      meant = errands.named(context.tx(), staff, name);
      String otherwise = unless(meant, name, words);
      if (otherwise != null) {
        return Optional.of(otherwise);
      }
    } else {
      meant = toldLast(context, staff, errands.theirs(context.tx(), staff));
      if (meant.isEmpty()) {
        return Optional.of(
            errands
                .over(context.tx(), staff)
                .map(each -> sentence(each, words))
                .orElseGet(() -> words.of("duty.nothing-to-answer")));
      }
    }
    return Optional.of(said(context, staff, meant));
  }

  /// Those of the last message. What they were told before it is answered by its number, so that
  /// nobody takes on what they did not mean.
  private List<Item> toldLast(Context context, Staff staff, List<Item> theirs) {
    Instant last = errands.toldLast(context.tx(), staff).orElse(null);
    return theirs.stream()
        .filter(each -> last != null && last.equals(each.errand().toldAt()))
        .toList();
  }

  /// What to say when this name means none of theirs, or more than one; null: it means one.
  /// Releases before gave one number to several.
  private @Nullable String unless(List<Item> meant, String name, Words words) {
    if (meant.isEmpty()) {
      return words.of("duty.no-number", name);
    }
    return cases(meant) == 1
        ? null
        : words.of("duty.number-twice", name, meant.getFirst().matter().number().text())
            + "\n"
            + lines(meant, words);
  }

  private static long cases(List<Item> items) {
    return items.stream().map(each -> each.matter().id()).distinct().count();
  }

  private static boolean waits(Item item) {
    return item.errand().state() == Errand.State.TOLD;
  }

  private String said(Context context, Staff staff, List<Item> meant) {
    Words words = Words.in(staff.language());
    var said = new ArrayList<String>();
    for (Item each : meant) {
      said.add(sentence(errands.acknowledge(context.tx(), staff, each), words));
    }
    return String.join("\n", said);
  }

  private static String sentence(Answered answered, Words words) {
    Item item = answered.item();
    String number = item.matter().number().text();
    String named =
        item.name().equals(number) ? number : words.of("duty.named", item.name(), number);
    return switch (answered.outcome()) {
      case SEEN -> words.of("duty.seen", named);
      case TAKEN ->
          words.of(
              item.isPart()
                  ? "duty.part-taken"
                  : item.danger() == null
                      ? "duty.taken-on"
                      : item.danger().equals(Alarms.UNSIGNED)
                          ? "duty.taken-on-unsigned"
                          : "duty.taken-on-alarm",
              named);
      case HAD -> words.of("duty.had", named, requireNonNullElse(answered.who(), "?"));
      case AGAIN -> words.of("duty.again", named);
      case OVER -> words.of("duty.over", named);
    };
  }

  // One word answers what was asked.

  private Optional<String> one(Context context, Staff staff) {
    Optional<DutyStore.Question> asked = asked(context, staff);
    if (asked.isPresent()) {
      return asked.get().kind().equals("close")
          ? confirmed(context, staff, asked.get())
          : Optional.empty();
    }
    List<Item> last = toldLast(context, staff, errands.theirs(context.tx(), staff));
    return last.stream().anyMatch(Duties::waits)
        ? Optional.of(said(context, staff, last))
        : Optional.empty();
  }

  private Optional<String> yes(Context context, Staff staff) {
    return asked(context, staff)
        .filter(each -> each.kind().equals("close"))
        .flatMap(each -> confirmed(context, staff, each));
  }

  private Optional<String> no(Context context, Staff staff) {
    Optional<DutyStore.Question> asked = asked(context, staff);
    asked.ifPresent(_ -> store.answered(context.tx(), context.with().addressId));
    return asked.map(_ -> Words.in(staff.language()).of("duty.dropped"));
  }

  /// A number by itself says what a picture is of.
  private Optional<String> named(Context context, Staff staff, String name) {
    Optional<DutyStore.Question> asked =
        asked(context, staff).filter(each -> each.kind().equals("picture"));
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    Words words = Words.in(staff.language());
    List<Item> meant = errands.named(context.tx(), staff, name);
    String otherwise = unless(meant, name, words);
    if (otherwise != null) {
      return Optional.of(otherwise);
    }
    store.answered(context.tx(), context.with().addressId);
    return Optional.of(attach(context, staff, meant.getFirst(), asked.get().messages()));
  }

  private Optional<DutyStore.Question> asked(Context context, Staff staff) {
    return store.asked(context.tx(), context.with().addressId, staff.id(), context.now());
  }

  // Finishing, writing, pictures.

  /// Which one is meant; else what to say.
  private record Meant(@Nullable Item item, String otherwise) {}

  private Meant meant(Context context, Staff staff, @Nullable String name, String example) {
    Words words = Words.in(staff.language());
    if (name != null) {
      List<Item> meant = errands.named(context.tx(), staff, name);
      String otherwise = unless(meant, name, words);
      return otherwise == null ? new Meant(meant.getFirst(), "") : new Meant(null, otherwise);
    }
    List<Item> theirs = errands.theirs(context.tx(), staff);
    if (theirs.isEmpty()) {
      return new Meant(null, words.of("duty.nothing", calls.link("/console/cases")));
    }
    return cases(theirs) == 1
        ? new Meant(theirs.getFirst(), "")
        : new Meant(
            null, words.of(example, theirs.getFirst().name()) + "\n" + lines(theirs, words));
  }

  /// What the resident will be told is read back first.
  private Optional<String> close(Context context, Staff staff, @Nullable String name, String text) {
    Words words = Words.in(staff.language());
    Meant meant = meant(context, staff, name, "duty.which-to-close");
    Item item = meant.item();
    if (item == null) {
      return Optional.of(meant.otherwise());
    }
    if (text.isEmpty()) {
      return Optional.of(words.of("duty.close-how", item.name()));
    }
    errands.requireClosing(staff, item);
    store.askClosing(
        context.tx(),
        context.with().addressId,
        staff.id(),
        item.errand().id(),
        item.matter().version(),
        text,
        context.now().plus(ASKED_FOR));
    return Optional.of(
        words.of(
            item.isPart()
                ? isFree(context.with()) ? "duty.part-read-back" : "duty.part-read-back-word"
                : isFree(context.with()) ? "duty.read-back" : "duty.read-back-word",
            item.matter().number().text(),
            what(item, words),
            item.place(),
            text));
  }

  private Optional<String> confirmed(Context context, Staff staff, DutyStore.Question asked) {
    Words words = Words.in(staff.language());
    store.answered(context.tx(), context.with().addressId);
    Long errand = asked.errand();
    Optional<Item> item =
        errand == null ? Optional.empty() : errands.theirs(context.tx(), staff, errand);
    if (item.isEmpty()) {
      return Optional.of(words.of("duty.not-yours"));
    }
    Case closed =
        errands.close(
            context.tx(),
            staff,
            item.get(),
            requireNonNullElse(asked.version(), 0),
            requireNonNullElse(asked.text(), ""));
    return Optional.of(
        words.of(
            item.get().isPart() ? "duty.part-answered" : "duty.closed", closed.number().text()));
  }

  private Optional<String> write(Context context, Staff staff, @Nullable String name, String text) {
    Meant meant = meant(context, staff, name, "duty.which-to-note");
    Item item = meant.item();
    if (item == null) {
      return Optional.of(meant.otherwise());
    }
    errands.note(context.tx(), staff, item, text, List.of());
    return Optional.of(Words.in(staff.language()).of("duty.noted", item.matter().number().text()));
  }

  /// A picture of somebody who is called to something is of that, unless they are just telling of a
  /// matter of their own.
  private Optional<String> picture(Context context) {
    if (!isFree(context.with())) {
      return Optional.empty();
    }
    return addresses
        .at(context.tx(), context.with().addressId)
        .flatMap(staff -> trying(context, staff, () -> picture(context, staff)));
  }

  private Optional<String> picture(Context context, Staff staff) {
    List<Item> theirs = errands.theirs(context.tx(), staff);
    if (theirs.isEmpty()) {
      return Optional.empty();
    }
    if (cases(theirs) == 1) {
      return Optional.of(attach(context, staff, theirs.getFirst(), List.of(context.heard())));
    }
    Words words = Words.in(staff.language());
    Instant until = context.now().plus(ASKED_FOR);
    store.askPicture(
        context.tx(), context.with().addressId, staff.id(), context.heard(), context.now(), until);
    return Optional.of(
        words.of("duty.which-picture", theirs.getFirst().name()) + "\n" + lines(theirs, words));
  }

  private String attach(Context context, Staff staff, Item item, List<Long> messages) {
    Words words = Words.in(staff.language());
    errands.note(
        context.tx(), staff, item, words.of("duty.picture-note", messages.size()), messages);
    return words.of("duty.attached", item.matter().number().text(), item.name());
  }
}
