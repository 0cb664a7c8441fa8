package io.linyu.demo;

import io.linyu.casework.Casework;
import io.linyu.community.Community;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Page;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.Hearings;

/// The doors of the running server that the demo goes through.
public record Doors(
    Db db, Ticker ticker, Page page, Community community, Casework casework, Hearings hearings) {}
