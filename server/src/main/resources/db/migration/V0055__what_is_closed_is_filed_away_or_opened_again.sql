-- A week after it was closed a case is filed away, when its file is whole. What is not whole stays closed and is listed. What is
-- opened again keeps its number, and says behind it that this is the second time, or the third.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_archive (
  case_id       bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  next_due_at   timestamptz NOT NULL,
  -- What its file lacked when somebody looked; null: nobody has, or it lacks nothing.
  missing       text[] CHECK (missing <> '{}'),
  missing_since timestamptz,
  CHECK ((missing IS NULL) = (missing_since IS NULL))
);
COMMENT ON TABLE case_archive IS 'Times of a case, while it is closed and not filed away; no personal data.';
-- What is due, the longest first.
CREATE INDEX IF NOT EXISTS case_archive_due ON case_archive (next_due_at, case_id);
-- For the list of what is not whole, the newest first.
CREATE INDEX IF NOT EXISTS case_archive_missing ON case_archive (missing_since, case_id) WHERE missing IS NOT NULL;

-- Kept by a trigger, so that what the release before closes, or opens again, is seen, too. Seven days, whatever day it is.
CREATE OR REPLACE FUNCTION case_is_filed_away_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.state = 'CLOSED' THEN
    INSERT INTO case_archive (case_id, next_due_at) VALUES (new.id, new.closed_at + interval '7 days')
        ON CONFLICT (case_id) DO UPDATE SET next_due_at = excluded.next_due_at, missing = NULL, missing_since = NULL;
  ELSE
    DELETE FROM case_archive WHERE case_id = new.id;
  END IF;
  RETURN NULL;
END $$;
CALL do_giving_way('CREATE OR REPLACE TRIGGER case_filed_away_later AFTER UPDATE OF state ON "case"
                      FOR EACH ROW WHEN (old.state <> new.state AND ''CLOSED'' IN (old.state, new.state))
                      EXECUTE FUNCTION case_is_filed_away_later()');
-- What was closed before: not before a day has gone by, since no server of the release before, which could not open again what is
-- filed away, runs then; and ten in a second, the oldest first, so that nobody notices.
INSERT INTO case_archive (case_id, next_due_at)
SELECT id, greatest(closed_at + interval '7 days',
                    now() + interval '1 day' + row_number() OVER (ORDER BY closed_at, id) * interval '100 milliseconds')
  FROM "case" WHERE state = 'CLOSED'
    ON CONFLICT DO NOTHING;

-- Lists of what is closed leave out what is filed away, which soon is nearly all of it: they are read off indexes of their own,
-- which stay small.
DROP INDEX CONCURRENTLY IF EXISTS case_not_filed_away;
CREATE INDEX CONCURRENTLY case_not_filed_away ON "case" (closed_at, id) WHERE closed_at IS NOT NULL AND state <> 'ARCHIVED';
DROP INDEX CONCURRENTLY IF EXISTS case_not_filed_away_by_desk;
CREATE INDEX CONCURRENTLY case_not_filed_away_by_desk ON "case" (desk_id, closed_at, id)
 WHERE closed_at IS NOT NULL AND state <> 'ARCHIVED';
DROP INDEX CONCURRENTLY IF EXISTS case_not_filed_away_by_community;
CREATE INDEX CONCURRENTLY case_not_filed_away_by_community ON "case" (community_id, closed_at, id)
 WHERE closed_at IS NOT NULL AND state <> 'ARCHIVED';
DROP INDEX CONCURRENTLY IF EXISTS case_not_filed_away_by_street;
CREATE INDEX CONCURRENTLY case_not_filed_away_by_street ON "case" (street_id, closed_at, id)
 WHERE closed_at IS NOT NULL AND state <> 'ARCHIVED';

CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS round int NOT NULL DEFAULT 1');
COMMENT ON COLUMN "case".round IS 'For how many-th time it is handled: 1 until it is opened again after it was closed.';

-- Counted by a trigger, so that what the release before opens again counts, too.
CREATE OR REPLACE FUNCTION case_begins_a_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.round := old.round + 1;
  RETURN new;
END $$;
CALL do_giving_way('CREATE OR REPLACE TRIGGER case_round BEFORE UPDATE OF state ON "case"
                      FOR EACH ROW WHEN (old.state IN (''CLOSED'', ''ARCHIVED'') AND new.state = ''HANDLING'')
                      EXECUTE FUNCTION case_begins_a_round()');

-- What was opened again before: the records of how it went say how often, and few have more than one.
UPDATE "case" c SET round = n.rounds
  FROM (SELECT e.case_id, 1 + count(*)::int AS rounds
          FROM case_evaluation e
         WHERE e.version > 1 AND e.ended = 'open'
           AND (SELECT p.ended FROM case_evaluation p WHERE p.case_id = e.case_id AND p.version < e.version
                 ORDER BY p.version DESC LIMIT 1) = 'closed'
         GROUP BY e.case_id) n
 WHERE c.id = n.case_id AND c.round < n.rounds;

-- As it is shown.
CREATE OR REPLACE FUNCTION case_number(number text, round int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN number || CASE WHEN round > 1 THEN '-' || least(round, 99) ELSE '' END;
