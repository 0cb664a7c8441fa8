-- Whoever has a case asks other desks to do a part of it. The case has one holder all the same; each part has a desk, a holder
-- and a day of its own.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_part (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id         bigint NOT NULL REFERENCES "case",
  code            text   NOT NULL UNIQUE,
  -- contact: the desk that had the case before it was raised, and goes on writing to the resident; it has no day.
  kind            text   NOT NULL CHECK (kind IN ('work', 'contact')),
  state           text   NOT NULL CHECK (state IN ('asked', 'signed', 'answered', 'declined', 'cancelled', 'lapsed', 'ended')),
  desk_id         bigint NOT NULL REFERENCES desk,
  -- Who of that desk has signed it.
  staff_id        bigint REFERENCES staff,
  -- Null: by rule.
  asked_by        bigint REFERENCES staff,
  asked_at        timestamptz NOT NULL,
  request_note_id bigint REFERENCES case_note,
  reply_note_id   bigint REFERENCES case_note,
  amber_at        timestamptz,
  due_at          timestamptz,
  urged_at        timestamptz,
  ended_at        timestamptz,
  -- Whether the desk sees the whole of a case that was told in confidence.
  shows           boolean NOT NULL DEFAULT false,
  CHECK ((ended_at IS NULL) = (state IN ('asked', 'signed'))),
  CHECK ((kind = 'work') = (due_at IS NOT NULL)),
  CHECK ((kind = 'work') = (request_note_id IS NOT NULL)),
  CHECK (state <> 'signed' OR kind = 'contact' OR staff_id IS NOT NULL)
);
COMMENT ON TABLE case_part IS 'What other desks are asked to do for a case. Of staff; the words are notes of the case, and erased with it.';
-- One open part for a desk: who asks twice has pressed twice. Also what may be seen by it, and what stands in the way of a result.
CREATE UNIQUE INDEX IF NOT EXISTS case_part_open ON case_part (case_id, desk_id, kind) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS case_part_of_case ON case_part (case_id, id);
-- The lists of a desk: what waits, the soonest first; what is over, the newest first.
CREATE INDEX IF NOT EXISTS case_part_waiting ON case_part (desk_id, (coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)), id)
 WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS case_part_over ON case_part (desk_id, ended_at DESC, id DESC) WHERE ended_at IS NOT NULL;

CALL do_giving_way('ALTER TABLE errand ADD COLUMN IF NOT EXISTS part_id bigint REFERENCES case_part');
COMMENT ON COLUMN errand.part_id IS 'The part of the case that it is about; null: the case itself.';
CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT IF EXISTS errand_why_check,
                                       ADD CONSTRAINT errand_why_check
                                       CHECK (why IN (''new'', ''soon'', ''overdue'', ''alarm'', ''urged'', ''supervised'', ''resumed'', ''returned'', ''kept'',
                                                      ''part_asked'', ''part_soon'', ''part_overdue'', ''part_urged'',
                                                      ''part_back'', ''part_over'')) NOT VALID');
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
