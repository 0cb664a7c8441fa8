-- Desks that were silent until a case was raised (E2) are on a list; what they say of it, and who has struck it off.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS criticism (
  -- Which entry of `rule_applied`: E2, raised, not tried out.
  case_id       bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  occasion      timestamptz NOT NULL,
  -- That was silent.
  desk_id       bigint NOT NULL REFERENCES desk,
  -- Why, as that desk says. Null: it has said nothing.
  words         text CHECK (length(words) BETWEEN 1 AND 300),
  said_by       bigint REFERENCES staff,
  said_at       timestamptz,
  -- Why it is to be struck off, and who asks for that. Null: nobody has.
  asked_why     text CHECK (length(asked_why) BETWEEN 1 AND 300),
  asked_by      bigint REFERENCES staff,
  -- For which place they lead. Null: it is the desk itself that asks.
  asked_place   bigint REFERENCES territory,
  asked_at      timestamptz,
  -- What the next level has decided on that. Null: nobody has.
  struck        boolean,
  decided_why   text CHECK (length(decided_why) BETWEEN 1 AND 300),
  decided_by    bigint REFERENCES staff,
  decided_place bigint REFERENCES territory,
  decided_at    timestamptz,
  PRIMARY KEY (case_id, occasion),
  CHECK ((words IS NULL) = (said_by IS NULL) AND (words IS NULL) = (said_at IS NULL)),
  CHECK ((asked_by IS NULL) = (asked_why IS NULL) AND (asked_place IS NULL OR asked_by IS NOT NULL) AND (asked_by IS NULL) = (asked_at IS NULL)),
  CHECK ((decided_by IS NULL) = (struck IS NULL) AND (decided_by IS NULL) = (decided_why IS NULL)
         AND (decided_by IS NULL) = (decided_place IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT decided_by_another CHECK (decided_by IS NULL OR decided_by <> asked_by AND asked_by IS NOT NULL)
);
COMMENT ON TABLE criticism IS
  'What a desk says of its silence, and who of staff asks and decides that it is struck off the list; cases by their ids alone. Basis: public duty, assessment of the work. Retention: as the case.';
-- What waits to be decided on.
CREATE INDEX IF NOT EXISTS criticism_waits ON criticism (case_id, occasion) WHERE asked_by IS NOT NULL AND decided_by IS NULL;

-- Desks sit down together about a case that comes back again and again (E3), or where who leads wants it: a conference.
CREATE TABLE IF NOT EXISTS conference (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id         bigint NOT NULL REFERENCES "case",
  called_at       timestamptz NOT NULL,
  -- Null: rule E3.
  called_by       bigint REFERENCES staff,
  -- By when it is to be held; then who leads is called.
  late_at         timestamptz NOT NULL,
  -- Null: nobody has said yet when it is.
  starts_at       timestamptz,
  place           text CHECK (length(place) BETWEEN 1 AND 200),
  -- What is to be talked about.
  note_id         bigint REFERENCES case_note,
  set_by          bigint REFERENCES staff,
  set_at          timestamptz,
  -- What was decided, and what the resident is told of it.
  minutes_note_id bigint REFERENCES case_note,
  answer_id       bigint REFERENCES case_answer,
  minuted_by      bigint REFERENCES staff,
  -- Null: it is still to be held. What became of it is in the events.
  ended_at        timestamptz,
  CHECK ((starts_at IS NULL) = (place IS NULL) AND (starts_at IS NULL) = (set_by IS NULL) AND (starts_at IS NULL) = (set_at IS NULL)),
  CHECK ((minutes_note_id IS NULL) = (minuted_by IS NULL) AND (minutes_note_id IS NULL OR ended_at IS NOT NULL AND starts_at IS NOT NULL))
);
COMMENT ON TABLE conference IS 'Of staff: when and where desks sit down about a case; what is said is in notes of the case, and erased with it. Retention: as the case.';
CREATE UNIQUE INDEX IF NOT EXISTS conference_waits ON conference (case_id) WHERE ended_at IS NULL;

CREATE TABLE IF NOT EXISTS conference_desk (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conference_id bigint NOT NULL REFERENCES conference,
  desk_id       bigint NOT NULL REFERENCES desk,
  -- False: it was asked first, and then not any more.
  invited       boolean NOT NULL,
  -- Whether they come on the day that is set. Null: they have not said.
  comes         boolean,
  view_note_id  bigint REFERENCES case_note,
  answered_by   bigint REFERENCES staff,
  answered_at   timestamptz,
  UNIQUE (conference_id, desk_id)
);
COMMENT ON TABLE conference_desk IS 'Which desks are asked to a conference, and who of staff says whether they come; how they see it is a note of the case. Retention: as the case.';
-- What a desk is asked to, the newest first.
CREATE INDEX IF NOT EXISTS conference_of_desk ON conference_desk (desk_id, conference_id DESC) WHERE invited;

-- Whoever may see a case is asked with every step. It stands in its row, and in no index, so that nothing else has to be read for it.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS convened bigint[]');
COMMENT ON COLUMN "case".convened IS 'Desks that are asked to the conference that is still to be held. Empty: it is not set yet; null: there is none.';

-- Words more, beside whatever others have added.
DO $$
DECLARE
  is_now text;
BEGIN
  SELECT pg_get_constraintdef(oid) INTO is_now FROM pg_constraint WHERE conrelid = 'errand'::regclass AND conname = 'errand_why_check';
  IF is_now NOT LIKE '%''convened''%' THEN
    CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT errand_why_check, ADD CONSTRAINT errand_why_check '
      || replace(replace(is_now, 'ARRAY[', 'ARRAY[''convened''::text, ''conference_late''::text, '), ' NOT VALID', '') || ' NOT VALID');
  END IF;
END $$;
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
