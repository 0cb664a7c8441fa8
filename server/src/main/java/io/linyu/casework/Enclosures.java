package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.blobs.Papers;
import io.linyu.platform.blobs.Pictures;
import io.linyu.platform.blobs.Sounds;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What staff send along with an answer. It is looked at when it comes in, by what it is and not by
/// its name, and waits beside the draft, its writer's alone, until it is sent or taken away.
public final class Enclosures {
  /// Of one file, in bytes, whatever it is. What arrives is larger by the form around it.
  public static final int LARGEST = 20 << 20;

  private static final int LARGEST_VOICE = 2 << 20;
  private static final Duration LONGEST_VOICE = Duration.ofSeconds(60);

  private static final int MOST_PICTURES = 9;
  private static final int MOST_VOICES = 1;
  private static final int MOST_FILES = 5;
  private static final int LONGEST_NAME = 80;

  /// Longer than the way back is offered.
  private static final Duration MAY_COME_BACK = Duration.ofMinutes(5);

  private static final Duration KEPT = Duration.ofDays(30);
  private static final int AT_ONCE = 200;

  private static final Set<String> PICTURES =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "webp", "heic", "heif", "tif", "tiff", "svg");
  private static final Set<String> VOICES =
      Set.of("mp3", "amr", "m4a", "aac", "wav", "ogg", "opus", "wma", "flac", "webm", "silk");

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Blobs blobs;
  private final EnclosureStore store = new EnclosureStore();

  Enclosures(Db db, Clock clock, Cases cases) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.blobs = new Blobs(db);
  }

  /// What waits beside this person's draft, in the order in which it will be sent.
  public List<Enclosure> waiting(Staff staff, CaseId id) {
    return store.waiting(db, staff.id(), id);
  }

  /// @param code under which it waits beside the draft
  public Enclosure waiting(Staff staff, CaseId id, String code) {
    return waiting(staff, id).stream()
        .filter(each -> each.code().equals(code))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  /// Looks at what somebody wants to send along, and puts it beside their draft.
  ///
  /// @throws Refusal with a sentence that names the file, when it cannot be sent
  public Enclosure add(Staff staff, CaseId id, String name, Buffer bytes) {
    CaseId theirs = cases.visibleTo(staff, id).id();
    Sound sound = sound(named(name), bytes);
    return db.inTransaction(tx -> {
      store.lockDraft(tx, staff.id(), theirs);
      long already =
          store.waiting(tx, staff.id(), theirs).stream()
              .filter(each -> each.kind() == sound.kind())
              .count();
      int most =
          switch (sound.kind()) {
            case IMAGE -> MOST_PICTURES;
            case VOICE -> MOST_VOICES;
            case FILE -> MOST_FILES;
          };
      if (already >= most) {
        throw new Refusal("enclosure-many-" + sound.kind().word(), 422, most);
      }
      return store.insert(
          tx,
          staff.id(),
          theirs,
          sound.kind(),
          sound.name(),
          sound.blob().type(),
          sound.blob().bytes().length(),
          sound.seconds(),
          blobs.put(tx, sound.blob()),
          clock.instant());
    });
  }

  /// What it is, and fit to be sent.
  private record Sound(Enclosure.Kind kind, String name, Blob blob, int seconds) {}

  private static Sound sound(String name, Buffer bytes) {
    if (bytes.length() == 0) {
      throw new Refusal("enclosure-empty", 422, name);
    }
    if (bytes.length() > LARGEST) {
      throw new Refusal("enclosure-large", 422, name, LARGEST >> 20);
    }
    Optional<Sounds.Sound> voice = Sounds.read(bytes);
    if (voice.isPresent()) {
      return voice(name, bytes, voice.get());
    }
    Optional<Papers.Paper> paper = Papers.read(bytes);
    boolean named = PICTURES.contains(ending(name)) || VOICES.contains(ending(name));
    if (paper.isPresent() && !named) {
      return new Sound(
          Enclosure.Kind.FILE,
          stem(name) + "." + paper.get().ending(),
          new Blob(paper.get().type(), bytes),
          0);
    }
    // Drawn anew: whatever else was in it is not in it any more.
    Optional<Blob> picture = Pictures.redrawn(bytes);
    if (picture.isPresent()) {
      return new Sound(Enclosure.Kind.IMAGE, stem(name) + ".jpg", picture.get(), 0);
    }
    String ending = ending(name);
    throw new Refusal(
        PICTURES.contains(ending)
            ? "enclosure-picture"
            : VOICES.contains(ending) ? "enclosure-voice" : "enclosure-kind",
        422,
        name);
  }

  private static Sound voice(String name, Buffer bytes, Sounds.Sound sound) {
    if (sound.lasts().compareTo(LONGEST_VOICE) > 0) {
      throw new Refusal(
          "enclosure-voice-long",
          422,
          name,
          (sound.lasts().toSeconds() + 59) / 60,
          LONGEST_VOICE.toSeconds());
    }
    if (bytes.length() > LARGEST_VOICE) {
      throw new Refusal("enclosure-large", 422, name, LARGEST_VOICE >> 20);
    }
    String ending = sound.type().equals("audio/amr") ? ".amr" : ".mp3";
    return new Sound(
        Enclosure.Kind.VOICE,
        stem(name) + ending,
        new Blob(sound.type(), bytes),
        (int) Math.max(1, Math.round(sound.lasts().toMillis() / 1_000.0)));
  }

  /// Takes it away; for a while it may come back.
  public void remove(Staff staff, CaseId id, String code) {
    if (!store.remove(db, staff.id(), id, code, clock.instant())) {
      throw Refusal.notFound();
    }
  }

  public void putBack(Staff staff, CaseId id, String code) {
    if (!store.putBack(db, staff.id(), id, code)) {
      throw Refusal.notFound();
    }
  }

  /// They go with the answer, in this order.
  ///
  /// @param codes as the writer saw them; refused when one of them is gone
  void send(Tx tx, long staff, CaseId id, long answer, List<String> codes) {
    if (store.send(tx, staff, id, answer, codes) != codes.size()) {
      throw new Refusal("enclosure-gone", 409);
    }
  }

  /// What was sent with these answers, in its order.
  public List<Enclosure> of(Sql sql, Collection<Long> answers) {
    return answers.isEmpty() ? List.of() : store.of(sql, answers);
  }

  /// What was sent under this code with an answer about this case; nobody else's, and nothing that
  /// is not sent.
  public Optional<Enclosure> sent(CaseId id, String code) {
    return store.sent(db, id, code);
  }

  public Blob content(Enclosure of) {
    return blobs.get(of.digest()).orElseThrow(Refusal::notFound);
  }

  /// Due work: lets go of what was taken away, and of what nobody has sent for a month.
  boolean forgetDue() {
    List<Buffer> gone =
        store.forget(
            db, clock.instant().minus(MAY_COME_BACK), clock.instant().minus(KEPT), AT_ONCE);
    blobs.letGo(Set.copyOf(gone));
    return gone.size() == AT_ONCE;
  }

  /// Without folders, and without what no name has.
  private static String named(String given) {
    String bare = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    String clean = bare.replaceAll("[\\p{Cntrl}\\p{Cf}\"<>:|?*]", "").strip();
    return clean.isEmpty() ? "1" : clean;
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return stem.codePointCount(0, stem.length()) <= LONGEST_NAME
        ? stem
        : stem.substring(0, stem.offsetByCodePoints(0, LONGEST_NAME));
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
