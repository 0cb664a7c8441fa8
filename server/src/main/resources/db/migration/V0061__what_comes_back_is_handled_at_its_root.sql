-- What several tell of the same place, or what comes back there again and again, becomes a matter of its own one level up (E4).
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.

-- What is open of one kind at one place, and what was closed there lately: a few rows, whatever there is elsewhere.
DROP INDEX CONCURRENTLY IF EXISTS case_by_place_and_kind;
CREATE INDEX CONCURRENTLY case_by_place_and_kind ON "case" (territory_id, category_code, closed_at);

CREATE TABLE IF NOT EXISTS root_cause (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  territory_id  bigint NOT NULL REFERENCES territory,
  category_code text NOT NULL,
  -- Null: the rule was only tried out, and nothing was opened.
  case_id       bigint REFERENCES "case" ON DELETE CASCADE,
  -- Of the switch of the rule.
  version       int NOT NULL,
  reporters     int NOT NULL,
  closed        int NOT NULL,
  at            timestamptz NOT NULL
);
COMMENT ON TABLE root_cause IS 'What rule E4 has found: a place, a kind, and how many; no personal data. Retention: as the cases.';
-- The last of a place and kind.
CREATE INDEX IF NOT EXISTS root_cause_last ON root_cause (territory_id, category_code, id DESC);
CREATE UNIQUE INDEX IF NOT EXISTS root_cause_of_case ON root_cause (case_id) WHERE case_id IS NOT NULL;
-- For the page of the rule, the newest first.
CREATE INDEX IF NOT EXISTS root_cause_latest ON root_cause (at DESC, id DESC);

CREATE TABLE IF NOT EXISTS root_cause_case (
  root_cause_id bigint NOT NULL REFERENCES root_cause ON DELETE CASCADE,
  case_id       bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  PRIMARY KEY (root_cause_id, case_id)
);
COMMENT ON TABLE root_cause_case IS 'By which cases it was found, and which came after; no personal data.';
-- For the page of such a case.
CREATE INDEX IF NOT EXISTS root_cause_case_of ON root_cause_case (case_id, root_cause_id);

-- Whose place and kind are to be looked at.
CREATE TABLE IF NOT EXISTS root_cause_due (
  case_id     bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  next_due_at timestamptz NOT NULL
);
COMMENT ON TABLE root_cause_due IS 'Times of a case; no personal data.';
CREATE INDEX IF NOT EXISTS root_cause_due_next ON root_cause_due (next_due_at, case_id);

-- What was before this release is looked at when the rule is turned on, and not event by event.
INSERT INTO event_cursor (listener, last_xid, last_event)
SELECT 'root-causes', last_xid, last_event FROM event_cursor WHERE listener = 'case-words'
    ON CONFLICT DO NOTHING;

-- As with the others (V0044): a new house tries it out, and an upgrade sets nothing.
INSERT INTO rule_switch (rule, version, mode)
SELECT 'E4', 1, CASE WHEN in_use THEN 'off' ELSE 'dry' END
  FROM (SELECT EXISTS (SELECT FROM "case") AS in_use) AS house
    ON CONFLICT DO NOTHING;
