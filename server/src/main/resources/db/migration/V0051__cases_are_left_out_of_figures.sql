-- A case may be left out of the figures: proposed by one, confirmed by another who has nothing to do with them, each with a
-- reason. The evaluation itself stays as it is.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_exclusion (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The end that is left out; where the case is opened again and ends anew, that counts.
  case_id         bigint NOT NULL,
  version         int NOT NULL,
  ended_at        timestamptz NOT NULL,
  territory_path  text NOT NULL,
  -- Who led: nobody of that desk has a say in it.
  led_desk        bigint NOT NULL REFERENCES desk,
  ground          text NOT NULL CHECK (ground IN ('unreasonable', 'outside_law', 'repeat', 'merged', 'disaster')),
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
  proposed_by     bigint NOT NULL REFERENCES staff,
  proposed_place  bigint NOT NULL REFERENCES territory,
  proposed_desks  bigint[] NOT NULL,
  proposed_at     timestamptz NOT NULL,
  FOREIGN KEY (case_id, version) REFERENCES case_evaluation (case_id, version),
  -- For those who decide, to differ from.
  UNIQUE (id, proposed_by, proposed_place, proposed_desks, led_desk),
  CHECK (NOT led_desk = ANY (proposed_desks))
);
COMMENT ON TABLE case_exclusion IS
  'Who of staff proposes to leave a case out of the figures, and why; cases by their ids alone. Basis: public duty, assessment of the work. Retention: as the figures.';
CREATE INDEX IF NOT EXISTS case_exclusion_of_case ON case_exclusion (case_id);

CREATE TABLE IF NOT EXISTS case_exclusion_step (
  exclusion_id    bigint NOT NULL,
  -- 1: it was confirmed or refused, or taken back before that; 2: what was confirmed was taken back.
  nth             smallint NOT NULL CHECK (nth IN (1, 2)),
  step            text NOT NULL CHECK (step IN ('confirmed', 'refused', 'taken_back')),
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
  staff_id        bigint NOT NULL REFERENCES staff,
  place           bigint NOT NULL REFERENCES territory,
  desks           bigint[] NOT NULL,
  at              timestamptz NOT NULL,
  proposed_by     bigint NOT NULL,
  proposed_place  bigint NOT NULL,
  proposed_desks  bigint[] NOT NULL,
  led_desk        bigint NOT NULL,
  -- Of two who decide at once, one comes too late.
  PRIMARY KEY (exclusion_id, nth),
  FOREIGN KEY (exclusion_id, proposed_by, proposed_place, proposed_desks, led_desk)
    REFERENCES case_exclusion (id, proposed_by, proposed_place, proposed_desks, led_desk),
  CONSTRAINT decided_by_another CHECK (
    step = 'taken_back'
    OR (nth = 1 AND staff_id <> proposed_by AND NOT desks && proposed_desks AND NOT led_desk = ANY (desks)
        AND (desks <> '{}' OR proposed_desks <> '{}' OR place <> proposed_place)))
);
COMMENT ON TABLE case_exclusion_step IS
  'Who of staff confirms or refuses that a case is left out of the figures, or takes that back, and why. Basis: public duty, assessment of the work. Retention: as the figures.';

-- What was said stays said.
CREATE OR REPLACE FUNCTION case_exclusion_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'exclusions are never changed: each step is a row of its own';
END $$;
DROP TRIGGER IF EXISTS case_exclusion_append_only ON case_exclusion;
CREATE TRIGGER case_exclusion_append_only BEFORE UPDATE OR DELETE ON case_exclusion
  FOR EACH STATEMENT EXECUTE FUNCTION case_exclusion_is_append_only();
DROP TRIGGER IF EXISTS case_exclusion_step_append_only ON case_exclusion_step;
CREATE TRIGGER case_exclusion_step_append_only BEFORE UPDATE OR DELETE ON case_exclusion_step
  FOR EACH STATEMENT EXECUTE FUNCTION case_exclusion_is_append_only();

-- Figures ask of each end whether there is a later version, which few have: not the whole table is looked through for these.
DROP INDEX CONCURRENTLY IF EXISTS case_evaluation_again;
CREATE INDEX CONCURRENTLY case_evaluation_again ON case_evaluation (case_id, version) WHERE version > 1;
