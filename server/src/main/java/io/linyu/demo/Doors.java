package io.linyu.demo;

import io.linyu.casework.Alarms;
import io.linyu.casework.Cases;
import io.linyu.community.Community;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Page;
import io.linyu.reception.Hearings;

/// The doors of the running server that the demo goes through.
public record Doors(
    Db db, Page page, Community community, Cases cases, Alarms alarms, Hearings hearings) {}
