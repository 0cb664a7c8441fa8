package io.linyu.casework;

import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.blobs.Papers;
import io.linyu.platform.blobs.Pictures;
import io.linyu.platform.blobs.Sounds;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A file as it is taken from somebody: looked at when it comes in, by what it is and not by its
/// name, and fit to be kept and shown.
///
/// @param name as its sender called it, with the ending of what it is
/// @param blob of a picture what was drawn anew; else the file itself
/// @param seconds a voice lasts; 0: it is none
public record TakenFile(Enclosure.Kind kind, String name, Blob blob, int seconds) {
  /// Of one file, in bytes, whatever it is. What arrives is larger by the form around it.
  public static final int LARGEST = 20 << 20;

  private static final int LARGEST_VOICE = 2 << 20;
  private static final int LONGEST_NAME = 80;

  private static final Set<String> PICTURES =
      Set.of("jpg", "jpeg", "png", "gif", "bmp", "webp", "heic", "heif", "tif", "tiff", "svg");
  private static final Set<String> VOICES =
      Set.of("mp3", "amr", "m4a", "aac", "wav", "ogg", "opus", "wma", "flac", "webm", "silk");

  /// From whom it is taken.
  enum From {
    /// What a platform does not play is not taken: it goes on into a chat.
    STAFF("enclosure", Duration.ofSeconds(60)),
    RESIDENT("paper", Duration.ofMinutes(5));

    /// How the sentences begin by which one is refused.
    private final String word;

    private final Duration longestVoice;

    From(String word, Duration longestVoice) {
      this.word = word;
      this.longestVoice = longestVoice;
    }

    private Refusal refusal(String why, Object... arguments) {
      return new Refusal(word + "-" + why, 422, arguments);
    }
  }

  /// Before more of it is read than anybody wants.
  ///
  /// @throws Refusal with a sentence that names the file
  static void requireSize(From whom, String given, long bytes) {
    if (bytes == 0) {
      throw whom.refusal("empty", named(given));
    }
    if (bytes > LARGEST) {
      throw whom.refusal("large", named(given), LARGEST >> 20);
    }
  }

  /// @param given how it is called
  /// @throws Refusal with a sentence that names the file, when it is not taken
  static TakenFile of(From whom, String given, Buffer bytes) {
    String name = named(given);
    requireSize(whom, given, bytes.length());
    Optional<Sounds.Sound> voice = Sounds.read(bytes);
    if (voice.isPresent()) {
      return voice(whom, name, bytes, voice.get());
    }
    Optional<Papers.Paper> paper = Papers.read(bytes);
    String ending = ending(name);
    boolean otherwise = PICTURES.contains(ending) || VOICES.contains(ending);
    if (paper.isPresent() && !otherwise) {
      return new TakenFile(
          Enclosure.Kind.FILE,
          stem(name) + "." + paper.get().ending(),
          new Blob(paper.get().type(), bytes),
          0);
    }
    // Drawn anew: whatever else was in it is not in it any more.
    Optional<Blob> picture = Pictures.redrawn(bytes);
    if (picture.isPresent()) {
      return new TakenFile(Enclosure.Kind.IMAGE, stem(name) + ".jpg", picture.get(), 0);
    }
    throw whom.refusal(
        PICTURES.contains(ending) ? "picture" : VOICES.contains(ending) ? "voice" : "kind", name);
  }

  private static TakenFile voice(From whom, String name, Buffer bytes, Sounds.Sound sound) {
    if (sound.lasts().compareTo(whom.longestVoice) > 0) {
      throw whom.refusal(
          "voice-long", name, (sound.lasts().toSeconds() + 59) / 60, whom.longestVoice.toSeconds());
    }
    if (bytes.length() > LARGEST_VOICE) {
      throw whom.refusal("large", name, LARGEST_VOICE >> 20);
    }
    String ending = sound.type().equals("audio/amr") ? ".amr" : ".mp3";
    return new TakenFile(
        Enclosure.Kind.VOICE,
        stem(name) + ending,
        new Blob(sound.type(), bytes),
        (int) Math.max(1, Math.round(sound.lasts().toMillis() / 1_000.0)));
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
