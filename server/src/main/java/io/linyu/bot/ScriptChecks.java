package io.linyu.bot;

import io.linyu.bot.match.Plain;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What can be wrong with a script although every part of it can be read.
final class ScriptChecks {
  /// The limit of one passive reply.
  static final int REPLY_BYTES = 2_048;

  /// What a placeholder may become.
  private static final int PLACEHOLDER_BYTES = 60;

  private final Map<String, String> examples = new HashMap<>();
  private final Map<String, String> questions = new HashMap<>();
  private final Map<String, Item> dialogs = new HashMap<>();
  private final Set<String> reached = new HashSet<>();

  static Phrase phrase(Item item, Phrase phrase, Set<String> known) {
    for (String placeholder : phrase.placeholders()) {
      if (!known.contains(placeholder) && !Sentence.ALWAYS.contains(placeholder)) {
        item.problem(
            "“{" + placeholder + "}”没有来源", "the placeholder {" + placeholder + "} has no source");
      }
    }
    phrase
        .languages()
        .values()
        .forEach(variants ->
            variants.forEach(variant -> {
              int bytes =
                  String.join("", variant.parts()).getBytes(StandardCharsets.UTF_8).length
                      + variant.placeholders().size() * PLACEHOLDER_BYTES;
              if (bytes > REPLY_BYTES) {
                item.problem(
                    "这句话可能有 " + bytes + " 字节，超过一次回复的 " + REPLY_BYTES + " 字节",
                    "this may take "
                        + bytes
                        + " bytes, more than the "
                        + REPLY_BYTES
                        + " of one reply");
              }
            }));
    return phrase;
  }

  void example(String intent, Item text) {
    String before = examples.putIfAbsent(Plain.of(text.text()), intent);
    if (before != null && !before.equals(intent)) {
      text.problem(
          "“" + text.text() + "”也在意图“" + before + "”里",
          "`" + text.text() + "` also belongs to the intent `" + before + "`");
    }
  }

  void question(String faq, Item text) {
    String before = questions.putIfAbsent(Plain.of(text.text()), faq);
    if (before != null) {
      text.problem(
          "“" + text.text() + "”已经在“" + before + "”里问过",
          "`" + text.text() + "` is already asked in `" + before + "`");
    }
    String intent = examples.get(Plain.of(text.text()));
    if (intent != null) {
      text.problem(
          "“" + text.text() + "”也在意图“" + intent + "”里",
          "`" + text.text() + "` also belongs to the intent `" + intent + "`");
    }
  }

  void dialog(String called, Item item) {
    dialogs.put(called, item);
  }

  void reached(String dialog) {
    reached.add(dialog);
  }

  void unreachable() {
    dialogs.forEach((called, item) -> {
      if (!reached.contains(called)) {
        item.problem(
            "没有什么会开始“" + called + "”：写上 when，或者从 menu 里 goto",
            "nothing starts `" + called + "`: give it a when, or a goto from the menu");
      }
    });
  }
}
