package io.linyu.bot;

import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.match.Likeness.Like;
import io.linyu.bot.match.Plain;
import io.linyu.bot.match.Topics.Topic;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a text most likely wants.
///
/// @param target null when nothing comes near
/// @param sure whether to do it at once or to ask first
/// @param question whether it is put as a question
/// @param problem whether it tells of a problem in the resident's own words
record Meaning(@Nullable Target target, boolean sure, boolean question, boolean problem) {

  /// As good as word for word.
  private static final double CERTAIN = 0.97;

  /// From this length on a statement that nothing else explains may be a matter to report.
  private static final int LONG = 8;

  /// A word of a category and a sign of trouble make a problem; a question that is answered in the
  /// knowledge base is a question even when it names a trouble.
  static Meaning of(String plain, Script script, LocalDate today) {
    Script.Settings settings = script.settings();
    List<Like<Target>> likes =
        script.likeness().of(plain).stream().filter(like -> isValid(like, script, today)).toList();
    Like<Target> best = likes.isEmpty() ? new Like<>(Target.of(Way.MENU), 0) : likes.getFirst();
    Like<Target> answer =
        likes.stream()
            .filter(like -> like.label().way() == Way.FAQ)
            .findFirst()
            .orElse(new Like<>(Target.of(Way.FAQ), 0));

    boolean question = plain.indexOf('?') >= 0 || script.problems().questions().anyIn(plain);
    if (best.score() >= CERTAIN) {
      boolean asked = answer.score() >= CERTAIN;
      return new Meaning(asked ? answer.label() : best.label(), true, question, false);
    }
    Topic topic = script.topics().of(plain);
    long signs =
        script.problems().signs().in(plain).stream().map(hit -> hit.start()).distinct().count();
    double told = (topic == null ? 0 : Math.min(topic.weight(), 2.0)) + 0.8 * signs;
    boolean telling = told >= 1.7 || (told >= 0.9 && !question);
    Target report = report(script);

    if (question && answer.score() >= (telling && signs > 0 ? settings.sure() : settings.maybe())) {
      return new Meaning(answer.label(), telling || answer.score() >= settings.sure(), true, false);
    }
    boolean courtesy = signs == 0 && best.score() >= (settings.sure() + settings.maybe()) / 2;
    boolean asks = signs == 0 && answer.score() >= settings.maybe();
    int length = Plain.weight(plain);
    if (telling && report != null && !courtesy && !asks && (signs > 0 || length >= 4)) {
      return new Meaning(report, true, question, true);
    }
    if (best.score() >= settings.sure() || (courtesy && telling)) {
      return new Meaning(best.label(), true, question, false);
    }
    if (best.score() >= settings.maybe()) {
      return new Meaning(best.label(), false, question, false);
    }
    if (report != null && signs > 0 && length >= 6) {
      return new Meaning(report, true, question, true);
    }
    if (report != null && (told >= 0.9 || (!question && length >= LONG))) {
      return new Meaning(report, false, question, true);
    }
    return new Meaning(null, false, question, false);
  }

  /// The dialog that takes problems, when there is one.
  static @Nullable Target report(Script script) {
    return script.dialogs().values().stream()
        .filter(Script.Dialog::problems)
        .findFirst()
        .map(dialog -> new Target(Way.DIALOG, dialog.name()))
        .orElse(null);
  }

  private static boolean isValid(Like<Target> like, Script script, LocalDate today) {
    Script.Faq faq = like.label().way() == Way.FAQ ? script.faqs().get(like.label().name()) : null;
    return faq == null || faq.isValid(today);
  }
}
