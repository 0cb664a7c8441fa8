-- A desk that was sent a case and does not take it for its own returns it, once, and the desk of the level decides.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_return (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id          bigint NOT NULL REFERENCES "case",
  desk_id          bigint NOT NULL REFERENCES desk,
  staff_id         bigint NOT NULL REFERENCES staff,
  at               timestamptz NOT NULL,
  ground           text NOT NULL CHECK (ground IN ('not_ours', 'outside_area', 'another_leads', 'lacking')),
  -- Who should have it instead, as they say. Null: they do not.
  proposed_desk_id bigint REFERENCES desk,
  note_id          bigint NOT NULL REFERENCES case_note,
  -- Null: it waits to be decided. What became of it is in the events.
  ended_at         timestamptz
);
COMMENT ON TABLE case_return IS 'Of staff; why is a note of the case, and erased with it.';
-- Each desk once, whatever became of it.
CREATE UNIQUE INDEX IF NOT EXISTS case_return_once ON case_return (case_id, desk_id);
CREATE UNIQUE INDEX IF NOT EXISTS case_return_waits ON case_return (case_id) WHERE ended_at IS NULL;

CALL do_giving_way('ALTER TABLE clock DROP CONSTRAINT IF EXISTS clock_kind_check,
                                      ADD CONSTRAINT clock_kind_check
                                      CHECK (kind IN (''acceptance'', ''signing'', ''ruling'', ''first_contact'', ''handling'', ''check'', ''return_visit'', ''rework'', ''review'')) NOT VALID');
ALTER TABLE clock VALIDATE CONSTRAINT clock_kind_check;
CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT IF EXISTS errand_why_check,
                                       ADD CONSTRAINT errand_why_check
                                       CHECK (why IN (''new'', ''soon'', ''overdue'', ''alarm'', ''urged'', ''supervised'', ''resumed'', ''returned'', ''kept'')) NOT VALID');
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
