-- A relative acts for somebody, with their consent.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.

-- Who a person is known as now; they may have been found to be another.
CREATE OR REPLACE FUNCTION person_now(was bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE one AS (
    SELECT id, merged_into FROM person WHERE id = was
    UNION
    SELECT p.id, p.merged_into FROM one JOIN person p ON p.id = one.merged_into
  )
  SELECT id FROM one WHERE merged_into IS NULL
$$;

-- Somebody lets another act for them. A ledger: what was given is never written over, only that it was taken and that it
-- ended and why; a renewal is a row of its own. Persons stay those who they were at the time, and `person_now` says who that
-- is today, so that a merge and its undoing change nothing here.
-- Personal data, class: relationship, names; basis: consent of both; kept as long as either person, without names when one of
-- them is erased. What was offered by a code and never taken is deleted within a day, what staff recorded and nobody took a
-- day after its year.
CREATE TABLE IF NOT EXISTS consent (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The first of those that renew each other; cases name this one.
  first_id         bigint NOT NULL REFERENCES consent,
  giver_id         bigint NOT NULL REFERENCES person,
  -- Null until somebody has taken it.
  actor_id         bigint REFERENCES person,
  -- Of whom staff were told that they are to take it; whoever says the code does.
  meant_for_id     bigint REFERENCES person,
  -- By which each came to it; what comes after a merge goes with these when that is undone. Null: not in a chat.
  giver_address_id bigint REFERENCES address,
  actor_address_id bigint REFERENCES address,
  -- What the one who acts is to the other, such as 女儿; empty once erased.
  kinship          text NOT NULL,
  -- As each was named to the other.
  giver_sealed     bytea,
  actor_sealed     bytea,
  how              text NOT NULL CHECK (how IN ('code', 'telephone', 'visit', 'paper')),
  -- Who recorded it; null: the person, in their own chat.
  staff_id         bigint REFERENCES staff,
  -- Whether all matters of the person may be seen, or those alone that were told so.
  sees_all         boolean NOT NULL,
  given_at         timestamptz NOT NULL,
  taken_at         timestamptz,
  until            timestamptz NOT NULL,
  ended_at         timestamptz,
  ended_by         text CHECK (ended_by IN ('giver', 'actor', 'staff', 'renewed', 'expired', 'left', 'erased')),
  ended_staff_id   bigint REFERENCES staff,
  CHECK ((actor_id IS NULL) = (taken_at IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX IF NOT EXISTS consent_by_giver ON consent (giver_id, id);
CREATE INDEX IF NOT EXISTS consent_by_actor ON consent (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS consent_by_meant_for ON consent (meant_for_id, id) WHERE meant_for_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS consent_by_first ON consent (first_id, id);
-- Whose time is over and has still to be ended.
CREATE INDEX IF NOT EXISTS consent_due ON consent (until) WHERE ended_at IS NULL AND taken_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS consent_offered ON consent (given_at) WHERE taken_at IS NULL AND how = 'code';
CREATE INDEX IF NOT EXISTS consent_not_taken ON consent (until) WHERE taken_at IS NULL;

-- What the relative says in their own chat to take it. Works once and for ten minutes; kept as a keyed hash, in a table of its
-- own, so that it is good for nothing else.
-- Personal data, class: identifier; basis: the person asked for it; deleted within a day.
CREATE TABLE IF NOT EXISTS consent_code (
  hash       bytea PRIMARY KEY,
  consent_id bigint NOT NULL UNIQUE REFERENCES consent,
  expires_at timestamptz NOT NULL,
  -- Who said it, and has still to say yes.
  claimed_by bigint REFERENCES address
);
CREATE INDEX IF NOT EXISTS consent_code_by_claim ON consent_code (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS consent_code_by_end ON consent_code (expires_at);

-- The consent by which somebody told it for the person it belongs to, and their own link to its page, which is nothing once
-- the consent has ended. Null: the person told it.
-- Whoever waits for the whole table holds up all who come after: it gives way to a backup that reads, and tries again.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      ALTER TABLE "case" ADD COLUMN IF NOT EXISTS consent_id bigint REFERENCES consent;
      ALTER TABLE "case" ADD COLUMN IF NOT EXISTS speaker_code text;
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
DROP INDEX CONCURRENTLY IF EXISTS case_by_consent;
CREATE INDEX CONCURRENTLY case_by_consent ON "case" (consent_id, id) WHERE consent_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS case_by_speaker_code;
CREATE UNIQUE INDEX CONCURRENTLY case_by_speaker_code ON "case" (speaker_code) WHERE speaker_code IS NOT NULL;
-- What was told for others at one address.
DROP INDEX CONCURRENTLY IF EXISTS case_spoken_at;
CREATE INDEX CONCURRENTLY case_spoken_at ON "case" (address_id) WHERE consent_id IS NOT NULL;
