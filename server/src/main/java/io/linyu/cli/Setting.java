package io.linyu.cli;

/// One value that somebody has set.
///
/// @param key the path as it was written, `http.port`
/// @param where file and line, or the variable's name
record Setting(String key, String value, String where) {}
