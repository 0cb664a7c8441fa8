package io.linyu.demo;

import io.linyu.casework.Casework;
import io.linyu.community.Community;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Page;
import io.linyu.reception.Hearings;

/// The doors of the running server that the demo goes through.
public record Doors(Db db, Page page, Community community, Casework casework, Hearings hearings) {}
