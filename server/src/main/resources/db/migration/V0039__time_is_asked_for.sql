-- Whoever has a case asks for more time, and somebody else grants or refuses it: an extension before the limit is over, or
-- that it waits for a while.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS extension_count int NOT NULL DEFAULT 0,
                                       ADD COLUMN IF NOT EXISTS time_asked_at timestamptz');
COMMENT ON COLUMN "case".extension_count IS 'How often its limit was extended.';
COMMENT ON COLUMN "case".time_asked_at IS 'Since when a request for time waits to be decided; null: none does. As in time_request.';
-- They are few among all, and none of what is closed.
DROP INDEX CONCURRENTLY IF EXISTS case_time_asked;
CREATE INDEX CONCURRENTLY case_time_asked ON "case" (next_due_at, id) WHERE time_asked_at IS NOT NULL;

-- The request that waits, one for a case. What became of it is in the events. Of staff; why is a note of the case, and erased
-- with it.
CREATE TABLE IF NOT EXISTS time_request (
  case_id   bigint PRIMARY KEY REFERENCES "case",
  what      text NOT NULL CHECK (what IN ('extension', 'suspension')),
  asked_by  bigint NOT NULL REFERENCES staff,
  asked_at  timestamptz NOT NULL,
  note_id   bigint NOT NULL REFERENCES case_note,
  -- Of an extension: by how much, in the unit of the limit.
  amount    int CHECK (amount > 0),
  -- Of a suspension: why, by a code, and the day on which it is looked at again.
  reason    text CHECK (reason IN ('season', 'works_plan', 'law_procedure', 'third_party', 'history')),
  review_on date,
  CHECK ((what = 'extension') = (amount IS NOT NULL)),
  CHECK ((what = 'suspension') = (reason IS NOT NULL AND review_on IS NOT NULL))
);

-- Half-open intervals in which a clock stood still, as one list: from, until, from, until. An odd number: it still does, since
-- the last of them, and stopped_at says the same.
CALL do_giving_way('ALTER TABLE clock ADD COLUMN IF NOT EXISTS pauses timestamptz[] NOT NULL DEFAULT ''{}''');
-- While a case waits, the day on which it is looked at again is its clock.
CALL do_giving_way('ALTER TABLE clock DROP CONSTRAINT IF EXISTS clock_kind_check,
                                      ADD CONSTRAINT clock_kind_check
                                      CHECK (kind IN (''acceptance'', ''signing'', ''first_contact'', ''handling'', ''check'',
                                                      ''return_visit'', ''review'')) NOT VALID');
ALTER TABLE clock VALIDATE CONSTRAINT clock_kind_check;
DROP INDEX CONCURRENTLY IF EXISTS clock_review;
CREATE INDEX CONCURRENTLY clock_review ON clock (due_at, case_id) WHERE stopped_at IS NULL AND kind = 'review';

CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT IF EXISTS errand_why_check,
                                       ADD CONSTRAINT errand_why_check
                                       CHECK (why IN (''new'', ''soon'', ''overdue'', ''alarm'', ''urged'', ''supervised'', ''resumed'')) NOT VALID');
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
