-- Boxes into which residents put slips of paper. One is opened by two who keep it, each slip is photographed, and becomes a case
-- or is set aside with a reason; how many there were is published.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS box (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Written on the box.
  code          text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-Z][0-9A-Z-]{1,23}$'),
  -- A community.
  territory_id  bigint NOT NULL REFERENCES territory,
  place         text NOT NULL CHECK (length(place) BETWEEN 1 AND 60),
  -- It is opened at least once in so many days.
  period_days   int NOT NULL CHECK (period_days BETWEEN 1 AND 92),
  due_at        timestamptz NOT NULL,
  -- Null: whoever leads the community was reminded of this one time, or need not be.
  next_due_at   timestamptz,
  gone_at       timestamptz
);
COMMENT ON TABLE box IS 'Opinion boxes: of the house, nothing of a resident.';
CREATE INDEX IF NOT EXISTS box_of_territory ON box (territory_id);
CREATE INDEX IF NOT EXISTS box_due ON box (next_due_at) WHERE next_due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS box_keeper (
  box_id    bigint NOT NULL REFERENCES box,
  staff_id  bigint NOT NULL REFERENCES staff,
  PRIMARY KEY (box_id, staff_id)
);
COMMENT ON TABLE box_keeper IS 'Who of staff keeps a box. Basis: public duty. Retention: as long as they keep it.';
CREATE INDEX IF NOT EXISTS box_keeper_of_staff ON box_keeper (staff_id);

CREATE TABLE IF NOT EXISTS box_opening (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  box_id        bigint NOT NULL REFERENCES box,
  code          text NOT NULL UNIQUE,
  begun_by      bigint NOT NULL REFERENCES staff,
  begun_at      timestamptz NOT NULL,
  slips         int NOT NULL CHECK (slips BETWEEN 0 AND 300),
  counted_by    bigint NOT NULL REFERENCES staff,
  counted_at    timestamptz NOT NULL,
  -- That it was opened, and this number; null: the other keeper has not yet.
  confirmed_by  bigint REFERENCES staff,
  confirmed_at  timestamptz,
  -- When two had opened it.
  opened_at     timestamptz,
  sealed_by     bigint REFERENCES staff,
  sealed_at     timestamptz,
  called_off_at timestamptz,
  CONSTRAINT two_keepers CHECK (confirmed_by <> counted_by),
  CONSTRAINT confirmed_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT sealed_whole CHECK (sealed_at IS NULL OR (sealed_by IS NOT NULL AND confirmed_by IS NOT NULL AND opened_at IS NOT NULL AND called_off_at IS NULL)),
  CONSTRAINT opened_stays CHECK (called_off_at IS NULL OR opened_at IS NULL)
);
COMMENT ON TABLE box_opening IS 'Who of staff opened a box, and how many slips there were. Basis: public duty. Retention: as the figures that were published of it.';
CREATE UNIQUE INDEX IF NOT EXISTS box_opening_one_at_a_time ON box_opening (box_id) WHERE sealed_at IS NULL AND called_off_at IS NULL;
-- What is published: of one box, and of all, the newest first.
CREATE INDEX IF NOT EXISTS box_opening_published ON box_opening (id DESC) WHERE sealed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS box_opening_published_of_box ON box_opening (box_id, id DESC) WHERE sealed_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS box_slip (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  opening_id  bigint NOT NULL REFERENCES box_opening,
  nth         int NOT NULL CHECK (nth >= 1),
  -- The photo; null: erased, or forgotten after half a year.
  digest      bytea REFERENCES blob,
  taken_by    bigint NOT NULL REFERENCES staff,
  taken_at    timestamptz NOT NULL,
  -- Why it is no case.
  set_aside   text CHECK (set_aside IN ('illegible', 'empty', 'praise', 'same', 'other')),
  comment     text CHECK (length(comment) <= 100),
  UNIQUE (opening_id, nth),
  UNIQUE (opening_id, digest),
  CHECK (set_aside <> 'other' OR comment IS NOT NULL)
);
COMMENT ON TABLE box_slip IS
  'Personal data. Class: the photo of what somebody wrote by hand. Basis: public duty. Retention: half a year after the box was sealed again; erased with the person.';
CREATE INDEX IF NOT EXISTS box_slip_photo ON box_slip (digest) WHERE digest IS NOT NULL;

CREATE TABLE IF NOT EXISTS box_slip_case (
  slip_id  bigint NOT NULL REFERENCES box_slip,
  case_id  bigint NOT NULL REFERENCES "case",
  -- It was noted in a case that there was.
  added    boolean NOT NULL,
  PRIMARY KEY (slip_id, case_id)
);
COMMENT ON TABLE box_slip_case IS 'Which slip became which case, by ids.';
CREATE INDEX IF NOT EXISTS box_slip_case_of_case ON box_slip_case (case_id);

-- What was published stays so.
CREATE OR REPLACE FUNCTION box_opening_stays_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was counted when a box was sealed is never changed';
END $$;
DROP TRIGGER IF EXISTS box_opening_sealed ON box_opening;
CREATE TRIGGER box_opening_sealed BEFORE UPDATE OR DELETE ON box_opening
  FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION box_opening_stays_sealed();
