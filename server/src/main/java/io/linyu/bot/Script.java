package io.linyu.bot;

import io.linyu.bot.match.Danger;
import io.linyu.bot.match.Lexicon;
import io.linyu.bot.match.Likeness;
import io.linyu.bot.match.Topics;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checked scripts: everything the bot knows, unchangeable.
record Script(
    String name,
    int version,
    Settings settings,
    Map<String, Dialog> dialogs,
    Map<String, Faq> faqs,
    List<MenuItem> menu,
    Phrase menuSays,
    HandOff handOff,
    Phrase notUnderstood,
    Map<Sentence, Phrase> sentences,
    Map<Word, Set<String>> words,
    Dangers dangers,
    Problems problems,
    Topics topics,
    Likeness<Target> likeness) {

  /// @param sure from this likeness on it is that
  /// @param maybe from this likeness on the bot asks whether it is that
  /// @param retries how often a question is asked before a person is called
  /// @param silence how long an unfinished report waits
  record Settings(double sure, double maybe, int retries, Duration silence) {}

  /// Words of the engine's own commands, compared with the whole of what was said.
  enum Word {
    YES,
    NO,
    SKIP,
    CANCEL,
    MENU,
    PROGRESS,
    UNSOLVED,
    LINK,
    UNLINK,
    HERE,
    /// The same matter as the one that is known.
    SAME,
    /// Another one.
    OTHER,
    /// What a relative is called. In the words below 家人 stands for any of these.
    KIN,
    /// A relative shall act for whoever says so, and shall not any more.
    ENTRUST,
    REVOKE,
    /// What was just offered a relative shall let them see everything.
    SHOW_ALL,
    /// Yes to acting for somebody.
    AGREE,
    /// Said behind it, or when the name is asked, and no name.
    NO_NAME,
    /// To speak for somebody, and to do so no more.
    ACT_FOR,
    STOP_ACTING,
    /// In front of the number of a matter: more of it, and not wanted any more.
    ADD,
    WITHDRAW,
    /// They wait for it. In front of a number, or alone.
    URGE,
    /// They want to say how it was.
    RATE,
    /// It is solved, said when that was asked.
    SOLVED,
    /// Another desk is to look at what was rejected. In front of a number, or alone.
    APPEAL,
    BOT
  }

  /// What a text can lead to. The name is of a dialog or a question; for the engine's own, empty.
  record Target(Way way, String name) {
    enum Way {
      DIALOG,
      FAQ,
      PROGRESS,
      HUMAN,
      UNSOLVED,
      MENU
    }

    static Target of(Way way) {
      return new Target(way, "");
    }
  }

  enum Kind {
    TEXT,
    IMAGE,
    NUMBER,
    CHOICE,
    LOOKUP
  }

  /// @param values of a choice: its names with the words that mean them
  record Entity(String name, Kind kind, Map<String, List<String>> values, double min, double max) {}

  record Faq(String id, List<String> questions, Phrase answer, @Nullable LocalDate expires) {
    boolean isValid(LocalDate today) {
      return expires == null || !today.isAfter(expires);
    }
  }

  /// @param key what a tap on the platform's own menu sends
  record MenuItem(String key, Phrase label, Target target) {}

  record HandOff(Set<String> words, Phrase open, Phrase closed) {}

  /// @param label what it is called in 您是想……吗
  /// @param problems whether a problem told in the resident's own words starts it, too
  record Dialog(
      String name,
      Phrase label,
      boolean problems,
      List<Slot> slots,
      @Nullable Phrase confirm,
      @Nullable Do does,
      Phrase say,
      @Nullable Silence silence) {
    @Nullable Slot slot(@Nullable String called) {
      return slots.stream().filter(slot -> slot.name().equals(called)).findFirst().orElse(null);
    }
  }

  /// @param home an empty place is where the resident lives
  record Slot(
      String name,
      Entity entity,
      @Nullable Phrase say,
      @Nullable Phrase otherwise,
      int min,
      boolean optional,
      boolean silent,
      boolean fromFirst,
      boolean home) {}

  /// @param arguments parameter to slot
  record Do(Actions.Action action, Map<String, String> arguments, String saveAs) {}

  /// What happens to an unfinished dialog when nobody says anything.
  ///
  /// @param privateCategories with these, or without any but with these words, silence means no
  record Silence(
      Phrase say,
      Set<String> privateCategories,
      Lexicon<Boolean> privateWords,
      Phrase privateConfirm,
      Phrase privateSay) {}

  record Dangers(Danger wording, Map<String, Emergency> kinds) {}

  /// @param number what the resident is told to call
  /// @param rung said once the alarm rings, when it is not [Sentence#RUNG]
  /// @param after said to what follows, when it is not [Sentence#AFTER_ALARM]
  record Emergency(String number, Phrase say, @Nullable Phrase rung, @Nullable Phrase after) {}

  /// How a problem is told.
  ///
  /// @param signs words of trouble: 坏了, 没人管
  /// @param questions words of a question: 怎么办理, 几点
  /// @param openings what stands before the matter itself and is not read back: 你好, 咋个整
  record Problems(Lexicon<Boolean> signs, Lexicon<Boolean> questions, List<String> openings) {}

  String say(Sentence sentence, String language, Map<String, String> values) {
    return sentences.getOrDefault(sentence, Phrase.NOTHING).say(language, values);
  }

  boolean is(Word word, String bare) {
    return words.getOrDefault(word, Set.of()).contains(bare);
  }
}
