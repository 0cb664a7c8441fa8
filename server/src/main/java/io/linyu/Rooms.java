package io.linyu;

import io.linyu.casework.Casework;
import io.linyu.community.Community;
import io.linyu.insight.Insight;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Page;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.ReceptionRoom;

/// The doors of a running server, for what is mounted beside it: the demo, and tests.
public record Rooms(
    Db db,
    Ticker ticker,
    Page page,
    Community community,
    Casework casework,
    ReceptionRoom reception,
    Insight insight) {}
