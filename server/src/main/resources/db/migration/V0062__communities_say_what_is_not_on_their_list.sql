-- What communities take on stands on a list (准入清单); what a street or a department sends them besides, they say so, and the
-- street decides (E8).
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS admission (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Of whose communities: of a district, or of a street.
  territory_id  bigint NOT NULL REFERENCES territory,
  name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- Whether they take it on, or it is not to be asked of them.
  admitted      boolean NOT NULL,
  -- Null: it is no kind of matter.
  category_code text,
  -- Empty: it was taken back before it began.
  valid         daterange NOT NULL,
  decided_by    text NOT NULL CHECK (length(decided_by) BETWEEN 1 AND 100),
  -- Null: from a file.
  set_by        bigint REFERENCES staff,
  set_at        timestamptz NOT NULL,
  ended_by      bigint REFERENCES staff,
  CONSTRAINT admission_once EXCLUDE USING gist (territory_id WITH =, name WITH =, valid WITH &&)
);
COMMENT ON TABLE admission IS 'What communities take on and what not. Of the house; no personal data but who of staff set it.';
-- For the page, the newest first.
CREATE INDEX IF NOT EXISTS admission_of_place ON admission (territory_id, id DESC);

-- Beside the ground, which the release before knows: not ours, since it is not on the list.
CALL do_giving_way('ALTER TABLE case_return ADD COLUMN IF NOT EXISTS unlisted boolean NOT NULL DEFAULT false,
                                            ADD COLUMN IF NOT EXISTS admission_id bigint');
COMMENT ON COLUMN case_return.unlisted IS 'Whether a community says that it is not on the list of what it takes on; its ground is not_ours then.';
COMMENT ON COLUMN case_return.admission_id IS 'What of the list they name. Null: nothing.';
CALL do_giving_way('ALTER TABLE case_return DROP CONSTRAINT IF EXISTS case_return_admission_id_fkey,
                                            ADD CONSTRAINT case_return_admission_id_fkey FOREIGN KEY (admission_id) REFERENCES admission NOT VALID');
ALTER TABLE case_return VALIDATE CONSTRAINT case_return_admission_id_fkey;

-- As with the others (V0044): in a new house nobody waits in vain for who decides, and an upgrade sets nothing.
INSERT INTO rule_switch (rule, version, mode)
SELECT 'E8', 1, CASE WHEN in_use THEN 'off' ELSE 'live' END
  FROM (SELECT EXISTS (SELECT FROM "case") AS in_use) AS house
    ON CONFLICT DO NOTHING;

-- Who is away is not called, nor given anything; a colleague of the same desk may stand in for them.
CREATE TABLE IF NOT EXISTS absence (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff_id  bigint NOT NULL REFERENCES staff,
  -- Empty: it was taken back before it began.
  days      daterange NOT NULL CHECK (NOT upper_inf(days)),
  -- Null: nobody stands in.
  deputy_id bigint REFERENCES staff,
  set_by    bigint NOT NULL REFERENCES staff,
  set_at    timestamptz NOT NULL,
  CHECK (deputy_id <> staff_id),
  CONSTRAINT absence_once EXCLUDE USING gist (staff_id WITH =, days WITH &&)
);
COMMENT ON TABLE absence IS 'When staff are away, not why. Internal; basis: duty rosters. Retention: a year after its last day.';
CREATE INDEX IF NOT EXISTS absence_by_deputy ON absence USING gist (deputy_id, days);
CREATE INDEX IF NOT EXISTS absence_over ON absence (upper(days));
