-- Staff go from door to door: a round has its purpose, who goes, and its doors by what is written on them. No register of
-- households comes of it: no names, and what was noted is forgotten.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS visit_round (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code          text NOT NULL UNIQUE,
  -- A building, a group, or a community.
  territory_id  bigint NOT NULL REFERENCES territory,
  community_id  bigint NOT NULL REFERENCES territory,
  purpose       text NOT NULL CHECK (purpose IN ('safety', 'care', 'notice', 'opinion')),
  until         timestamptz NOT NULL,
  visitor_id    bigint NOT NULL REFERENCES staff,
  made_by       bigint NOT NULL REFERENCES staff,
  made_at       timestamptz NOT NULL,
  ended_at      timestamptz
);
COMMENT ON TABLE visit_round IS 'Who of staff visits which doors, and why. Basis: public duty. Retention: as the figures.';
CREATE INDEX IF NOT EXISTS visit_round_of_community ON visit_round (community_id, id DESC);
CREATE INDEX IF NOT EXISTS visit_round_of_visitor ON visit_round (visitor_id, id DESC);

CREATE TABLE IF NOT EXISTS visit_door (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  round_id    bigint NOT NULL REFERENCES visit_round,
  nth         int NOT NULL CHECK (nth >= 1),
  -- As it is written on it, such as 2单元501; empty: forgotten.
  label       text NOT NULL CHECK (length(label) <= 40),
  -- Refused is an answer like any other: nothing follows from it, and nobody writes why.
  state       text NOT NULL CHECK (state IN ('tasked', 'attempted', 'done', 'refused')),
  absent      int NOT NULL DEFAULT 0,
  at          timestamptz,
  note        text CHECK (length(note) <= 100),
  UNIQUE (round_id, nth),
  CHECK (state <> 'refused' OR note IS NULL),
  CHECK ((state = 'tasked') = (at IS NULL))
);
COMMENT ON TABLE visit_door IS
  'Personal data. Class: which household opened its door, without a name, and what it may be noted for by the purpose of the round. Basis: public duty. Retention: a year after the round; notes are erased with the person whose case came of it.';
-- What is counted of a time (K20).
CREATE INDEX IF NOT EXISTS visit_door_at ON visit_door (at) WHERE at IS NOT NULL;

CREATE TABLE IF NOT EXISTS visit_door_case (
  door_id  bigint NOT NULL REFERENCES visit_door,
  case_id  bigint NOT NULL REFERENCES "case",
  PRIMARY KEY (door_id, case_id)
);
COMMENT ON TABLE visit_door_case IS 'Which case came of which visit, by ids.';
CREATE INDEX IF NOT EXISTS visit_door_case_of_case ON visit_door_case (case_id);
