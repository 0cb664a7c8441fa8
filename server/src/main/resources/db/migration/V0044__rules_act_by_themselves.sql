-- What the house does by itself when a case stands in a certain way: rules E1 to E8, each off, tried out, or live.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS rule_switch (
  rule    text NOT NULL CHECK (rule ~ '^E[1-8]$'),
  version int  NOT NULL CHECK (version > 0),
  mode    text NOT NULL CHECK (mode IN ('off', 'dry', 'live')),
  -- Null: as it came with the house.
  reason  text CHECK (length(reason) <= 300),
  set_by  bigint REFERENCES staff,
  set_at  timestamptz,
  PRIMARY KEY (rule, version)
);
COMMENT ON TABLE rule_switch IS 'How each rule is set, in versions; the greatest holds. Of the house; no personal data but who of staff set it.';
-- An upgrade changes nothing that happens today: where there are cases, what waits goes on by itself on its day (E7), and nothing
-- else is done or written, since the release before cannot read that. A new house begins with what is for safety live, and tries
-- out the rest.
INSERT INTO rule_switch (rule, version, mode)
SELECT rule, 1, CASE WHEN in_use THEN upgraded ELSE new END
  FROM (VALUES ('E1', 'off', 'live'), ('E2', 'off', 'dry'), ('E3', 'off', 'dry'), ('E7', 'live', 'dry')) AS first (rule, upgraded, new),
       (SELECT EXISTS (SELECT FROM "case") AS in_use) AS house
    ON CONFLICT DO NOTHING;

-- When a case is looked at next. Kept by triggers, so that what the release before does to a case is seen, too.
CREATE TABLE IF NOT EXISTS rule_watch (
  case_id     bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  next_due_at timestamptz NOT NULL
);
COMMENT ON TABLE rule_watch IS 'Times of a case; no personal data.';
-- What is due, the oldest first.
CREATE INDEX IF NOT EXISTS rule_watch_due ON rule_watch (next_due_at, case_id);

-- What was done by rule, or would have been: once for each occasion, on whichever node.
CREATE TABLE IF NOT EXISTS rule_applied (
  case_id  bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  rule     text NOT NULL,
  effect   text NOT NULL,
  occasion timestamptz NOT NULL,
  dry      boolean NOT NULL,
  version  int NOT NULL,
  at       timestamptz NOT NULL,
  PRIMARY KEY (case_id, rule, effect, occasion, dry),
  FOREIGN KEY (rule, version) REFERENCES rule_switch
);
COMMENT ON TABLE rule_applied IS 'Times of a case; no personal data. As its events say.';
-- For the page of a rule, the newest first.
CREATE INDEX IF NOT EXISTS rule_applied_latest ON rule_applied (rule, at DESC, case_id DESC);

CREATE OR REPLACE FUNCTION rules_look_at_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rule_watch (case_id, next_due_at) VALUES (new.id, '-infinity')
      ON CONFLICT (case_id) DO UPDATE SET next_due_at = excluded.next_due_at;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION rules_look_at_case_of_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rule_watch (case_id, next_due_at) VALUES (new.case_id, '-infinity')
      ON CONFLICT (case_id) DO UPDATE SET next_due_at = excluded.next_due_at;
  RETURN NULL;
END $$;
CALL do_giving_way('CREATE OR REPLACE TRIGGER rules_look_when_opened AFTER INSERT ON "case"
                      FOR EACH ROW WHEN (new.closed_at IS NULL) EXECUTE FUNCTION rules_look_at_case()');
CALL do_giving_way('CREATE OR REPLACE TRIGGER rules_look_when_moved AFTER UPDATE OF state, level, desk_id, next_due_at, reworks ON "case"
                      FOR EACH ROW WHEN (new.closed_at IS NULL AND
                        (old.state, old.level, old.desk_id, old.next_due_at, old.reworks)
                          IS DISTINCT FROM (new.state, new.level, new.desk_id, new.next_due_at, new.reworks))
                      EXECUTE FUNCTION rules_look_at_case()');
-- Due later is noticed when it would have been due. Earlier is not.
CALL do_giving_way('CREATE OR REPLACE TRIGGER rules_look_when_sooner AFTER UPDATE OF due_at ON clock
                      FOR EACH ROW WHEN (new.stopped_at IS NULL AND new.due_at < old.due_at)
                      EXECUTE FUNCTION rules_look_at_case_of_clock()');
-- What is open now. What is over is let go by whoever looks.
INSERT INTO rule_watch (case_id, next_due_at)
SELECT id, next_due_at FROM "case" WHERE closed_at IS NULL AND next_due_at IS NOT NULL
    ON CONFLICT DO NOTHING;
