package io.linyu.bot;

import io.linyu.bot.BotState.Waiting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where documents go, which the chat does not take: the page of the resident's newest matter that
/// still takes something. Which one that is is asked first, and what is said then names it, or says
/// what to do where there is none.
final class PaperPage {
  /// The placeholder that stands for its address.
  static final String PAGE = "办理页";

  static final String WAITING = "paper-page";

  private final Turn turn;

  PaperPage(Turn turn) {
    this.turn = turn;
  }

  /// A document came that nobody can open here.
  Step came() {
    return ask(null);
  }

  /// Somebody asks a question whose answer may name the page; null: it does not.
  @Nullable Step asked(String faq) {
    Script.Faq of = turn.script.faqs().get(faq);
    return of != null && of.answer().placeholders().contains(PAGE) ? ask(faq) : null;
  }

  private Step ask(@Nullable String faq) {
    return turn.ask(Actions.MY_CASES, Map.of(), new Waiting(WAITING, faq, null));
  }

  Step found(Waiting of, Map<String, Object> values) {
    Map<String, String> page = Map.of(PAGE, Values.text(values, "papers"));
    String faq = of.text();
    return faq == null
        ? turn.say(turn.words.sentence(Sentence.NOT_READABLE, page))
        : turn.answer(turn.words.faq(faq, page));
  }
}
