package io.linyu.bot;

/// The outcome of one step: what the bot remembers now, and what it wants done.
public record Step(BotState state, Move move) {}
