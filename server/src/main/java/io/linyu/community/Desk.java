package io.linyu.community;

/// The queue of one body at one territory node.
///
/// @param body the body's code in the catalogue, such as `D07`
/// @param fallback takes what no rule names, at its level
public record Desk(
    long id, String body, String name, long territoryId, String kind, boolean fallback) {}
