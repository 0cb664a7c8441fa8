package io.linyu.channel;

/// One account of ours. Its name alone says nothing: each channel may have a `main`.
///
/// @param channel as [Channel#name] has it
/// @param account the key in the settings
public record AccountKey(String channel, String account) {}
