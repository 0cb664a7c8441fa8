package io.linyu.bot;

import io.linyu.bot.BotState.Form;
import io.linyu.bot.BotState.Slot;
import io.linyu.bot.match.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An open dialog while a step works on it.
final class Draft {
  final Script.Dialog dialog;
  final long first;
  final Map<String, Slot> slots;
  final List<Long> messages;
  final List<Long> others;
  @Nullable String asking;
  int tries;
  boolean voice;
  BotState.@Nullable Acting acting;

  /// What they read last of what is known; null: nothing.
  BotState.@Nullable Shown shown;

  Draft(Script.Dialog dialog, long first) {
    this.dialog = dialog;
    this.first = first;
    this.slots = new LinkedHashMap<>();
    this.messages = new ArrayList<>();
    this.others = new ArrayList<>();
  }

  /// Null when the scripts know no such dialog any more.
  static @Nullable Draft of(@Nullable Form form, Script script) {
    Script.Dialog dialog = form == null ? null : script.dialogs().get(form.dialog());
    if (form == null || dialog == null) {
      return null;
    }
    var draft = new Draft(dialog, form.first());
    draft.slots.putAll(form.slots());
    draft.messages.addAll(form.messages());
    draft.others.addAll(form.others());
    draft.asking = form.asking();
    draft.tries = form.tries() == null ? 0 : form.tries();
    draft.voice = form.voice() != null && form.voice();
    draft.acting = form.acting();
    draft.shown = form.shown();
    return draft;
  }

  Form form() {
    return new Form(
        dialog.name(),
        first,
        new LinkedHashMap<>(slots),
        asking,
        tries == 0 ? null : tries,
        List.copyOf(messages),
        voice ? true : null,
        List.copyOf(others),
        acting,
        shown);
  }

  /// By which it is told for somebody else; null: it is their own.
  @Nullable Long consent() {
    return acting == null ? null : Long.valueOf(acting.consent());
  }

  void belongs(long message) {
    if (!messages.contains(message)) {
      messages.add(message);
    }
  }

  void fill(String slot, Slot value) {
    slots.put(slot, value);
    tries = 0;
  }

  /// What is told twice in the same words is told once.
  void add(String slot, String more) {
    String told = text(slot);
    if (!letters(told).contains(letters(more))) {
      fill(slot, Slot.of(told.isEmpty() ? more : told + "，" + more));
    }
  }

  private static String letters(String said) {
    return Plain.letters(Plain.of(said));
  }

  String text(String slot) {
    Slot filled = slots.get(slot);
    return filled == null ? "" : filled.text();
  }

  Script.@Nullable Slot slotOf(Script.Kind kind) {
    return dialog.slots().stream()
        .filter(slot -> slot.entity().kind() == kind)
        .findFirst()
        .orElse(null);
  }

  /// The slot that takes the matter itself.
  Script.@Nullable Slot matter() {
    return dialog.slots().stream().filter(Script.Slot::fromFirst).findFirst().orElse(null);
  }

  /// All that was told in words.
  String told() {
    var told = new StringBuilder();
    for (Script.Slot slot : dialog.slots()) {
      if (slot.entity().kind() == Script.Kind.TEXT) {
        told.append(text(slot.name())).append(' ');
      }
    }
    return told.toString().strip();
  }

  List<Long> pictures() {
    return slots.values().stream().flatMap(slot -> slot.messages().stream()).toList();
  }

  /// Whether it holds a problem that must not be lost.
  boolean isTold() {
    return dialog.does() != null && (!told().isEmpty() || !pictures().isEmpty());
  }
}
