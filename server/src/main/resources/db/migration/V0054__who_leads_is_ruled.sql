-- Two desks that do not agree whose a case is ask for a ruling, once each two of them.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_dispute (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id        bigint NOT NULL REFERENCES "case",
  -- Which has it and says that it is not theirs, and whose it is.
  desk_id        bigint NOT NULL REFERENCES desk,
  other_desk_id  bigint NOT NULL REFERENCES desk,
  staff_id       bigint NOT NULL REFERENCES staff,
  at             timestamptz NOT NULL,
  note_id        bigint NOT NULL REFERENCES case_note,
  -- Until when the other desk is waited for; the same as `at`: it is not asked.
  view_due_at    timestamptz NOT NULL,
  viewed_at      timestamptz,
  viewed_by      bigint REFERENCES staff,
  view_note_id   bigint REFERENCES case_note,
  ruling_desk_id bigint NOT NULL REFERENCES desk,
  ruling_level   text NOT NULL,
  -- Who leads. Null: nobody has ruled.
  lead_desk_id   bigint REFERENCES desk,
  ruled_by       bigint REFERENCES staff,
  ruling_note_id bigint REFERENCES case_note,
  -- Null: it waits. What became of it is in the events.
  ended_at       timestamptz,
  CHECK (desk_id <> other_desk_id),
  CHECK (lead_desk_id IN (desk_id, other_desk_id)),
  CHECK ((lead_desk_id IS NULL) = (ruled_by IS NULL) AND (lead_desk_id IS NULL OR ended_at IS NOT NULL))
);
COMMENT ON TABLE case_dispute IS 'Of staff; what was said is in notes of the case, and erased with it. Retention: as the case.';
-- Each two desks once, whichever of them asks, and whatever became of it.
CREATE UNIQUE INDEX IF NOT EXISTS case_dispute_once ON case_dispute (case_id, least(desk_id, other_desk_id), greatest(desk_id, other_desk_id));
CREATE UNIQUE INDEX IF NOT EXISTS case_dispute_waits ON case_dispute (case_id) WHERE ended_at IS NULL;

-- Words more, beside whatever others have added.
DO $$
DECLARE
  is_now text;
BEGIN
  SELECT pg_get_constraintdef(oid) INTO is_now FROM pg_constraint WHERE conrelid = 'errand'::regclass AND conname = 'errand_why_check';
  IF is_now NOT LIKE '%''disputed''%' THEN
    CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT errand_why_check, ADD CONSTRAINT errand_why_check '
      || replace(replace(is_now, 'ARRAY[', 'ARRAY[''disputed''::text, ''to_rule''::text, ''ruled''::text, ''return_agreed''::text, '), ' NOT VALID', '') || ' NOT VALID');
  END IF;
END $$;
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
