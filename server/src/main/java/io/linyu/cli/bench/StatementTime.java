package io.linyu.cli.bench;

/// What one statement has cost PostgreSQL, all calls together.
///
/// @param plans how often it was planned: a statement whose plan is kept was planned seldom
/// @param planning milliseconds
/// @param millis for carrying it out, waiting for locks and for a processor included
public record StatementTime(
    String statement, long calls, long plans, double planning, double millis, long rows) {}
