-- A desk that is staffed around the clock changes its person. What the one who goes has stays theirs until somebody takes
-- over, so nothing falls between. Not in a transaction (see the file beside it), because of the indexes below, and to be made
-- again when it was cut short.

-- One person's hand-over of one desk.
-- Personal data, class: staff's work, and what one shift writes for the next, which may name a resident; basis: handling of the
-- residents' matters; kept a year (shifts-forget).
CREATE TABLE IF NOT EXISTS shift (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- For URLs.
  code        text NOT NULL UNIQUE,
  desk_id     bigint NOT NULL REFERENCES desk,
  from_id     bigint NOT NULL REFERENCES staff,
  -- Null: whoever comes next.
  to_id       bigint REFERENCES staff,
  note        text NOT NULL,
  state       text NOT NULL CHECK (state IN ('offered', 'taken', 'withdrawn')),
  handed_at   timestamptz NOT NULL,
  taken_by    bigint REFERENCES staff,
  ended_at    timestamptz,
  -- Offered: when somebody is reminded next. Taken: that something may be left to pass.
  next_due_at timestamptz,
  CHECK ((state = 'taken') = (taken_by IS NOT NULL)),
  CHECK ((state = 'offered') = (ended_at IS NULL))
);
-- Who hands over twice is asked first what becomes of the one that waits.
CREATE UNIQUE INDEX IF NOT EXISTS shift_offered_once ON shift (desk_id, from_id) WHERE state = 'offered';
CREATE INDEX IF NOT EXISTS shift_by_desk ON shift (desk_id, id DESC);
CREATE INDEX IF NOT EXISTS shift_due ON shift (next_due_at) WHERE next_due_at IS NOT NULL;

-- What was gathered for the next: one case each.
-- Personal data, class: words of staff on a resident's matter; basis and retention as of shift; erased with the person.
CREATE TABLE IF NOT EXISTS shift_line (
  shift_id bigint NOT NULL REFERENCES shift ON DELETE CASCADE,
  case_id  bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  -- Why it is here.
  kind     text NOT NULL CHECK (kind IN ('alarm', 'overdue', 'due', 'waits', 'called', 'held', 'noted')),
  -- In the order in which it is read.
  place    int NOT NULL,
  held     boolean NOT NULL,
  -- Whoever hands over goes on with this one.
  keeps    boolean NOT NULL,
  starred  boolean NOT NULL,
  comment  text,
  passed   boolean NOT NULL DEFAULT false,
  PRIMARY KEY (shift_id, case_id)
);
CREATE INDEX IF NOT EXISTS shift_line_by_case ON shift_line (case_id);

-- What is asked back, and answered.
-- Personal data: as of shift.
CREATE TABLE IF NOT EXISTS shift_word (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shift_id bigint NOT NULL REFERENCES shift ON DELETE CASCADE,
  staff_id bigint NOT NULL REFERENCES staff,
  at       timestamptz NOT NULL,
  text     text NOT NULL
);
CREATE INDEX IF NOT EXISTS shift_word_by_shift ON shift_word (shift_id, id);

-- Who leads the desk and was reminded that nobody has taken over.
CREATE TABLE IF NOT EXISTS shift_reminder (
  shift_id bigint NOT NULL REFERENCES shift ON DELETE CASCADE,
  staff_id bigint NOT NULL REFERENCES staff,
  at       timestamptz NOT NULL,
  -- In a chat; null: it is on their console alone.
  told_at  timestamptz,
  PRIMARY KEY (staff_id, shift_id)
);
CREATE INDEX IF NOT EXISTS shift_reminder_by_shift ON shift_reminder (shift_id);

-- What somebody is writing before they hand over: theirs alone, until it is handed over or a month has passed.
-- Personal data: as of shift_line; erased with the person.
CREATE TABLE IF NOT EXISTS shift_draft (
  staff_id bigint NOT NULL REFERENCES staff,
  desk_id  bigint NOT NULL REFERENCES desk,
  kind     text NOT NULL CHECK (kind IN ('note', 'to', 'comment', 'star', 'keep')),
  -- Null: it is about no single case.
  case_id  bigint REFERENCES "case" ON DELETE CASCADE,
  text     text NOT NULL,
  at       timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (staff_id, desk_id, kind, case_id)
);
CREATE INDEX IF NOT EXISTS shift_draft_by_case ON shift_draft (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS shift_draft_by_time ON shift_draft (at);

-- What was said to and by a member of staff as such, in the chat in which they are a resident, too: no colleague reads it
-- beside a case that they have told. The release before goes on writing without it.
-- Whoever waits for the whole table holds up all who come after: it gives way to a backup that reads, and tries again.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      ALTER TABLE message ADD COLUMN IF NOT EXISTS duty boolean NOT NULL DEFAULT false;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries > 600 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;
UPDATE message m SET duty = true FROM outbound o
 WHERE o.message_id = m.id AND NOT m.duty AND starts_with(o.message_key, 'errand:');

-- What people of a desk were called to and have not answered.
DROP INDEX CONCURRENTLY IF EXISTS errand_unanswered;
CREATE INDEX CONCURRENTLY errand_unanswered ON errand (desk_id, id) WHERE state IN ('waiting', 'told', 'phone');
