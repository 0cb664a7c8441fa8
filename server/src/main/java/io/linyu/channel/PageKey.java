package io.linyu.channel;

/// What a page of ours shows the platform's own app, so that a person can give leave for notices on
/// it.
///
/// @param appId of our account
/// @param timestamp in seconds
/// @param signature over the page's address
/// @param template of the notice that is asked for
public record PageKey(
    String appId, long timestamp, String nonce, String signature, String template) {}
