-- What somebody says is done is looked at by somebody else.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE category ADD COLUMN IF NOT EXISTS on_site boolean NOT NULL DEFAULT true');
COMMENT ON COLUMN category.on_site IS 'Whether somebody looks on site before it is closed; else only at a sample.';
-- Questions and explanations of the shipped catalogue, and what nobody wants to be looked at.
UPDATE category SET on_site = false
 WHERE on_site
   AND code IN ('0305', '0402', '0403', '0407', '0501', '0505', '0703', '0704', '0803', '0804', '0805', '0806', '0901', '0902', '0903',
                '0904', '0906', '0907', '1001', '1003', '1005', '1101', '1102', '1103', '1105', '1106', '1201', '1202', '1203', '1204',
                '1206', '1207');

CALL do_giving_way('ALTER TABLE case_rules ADD COLUMN IF NOT EXISTS check_sample int NOT NULL DEFAULT 10 CHECK (check_sample BETWEEN 0 AND 100)');
COMMENT ON COLUMN case_rules.check_sample IS 'Of a hundred that need no look on site so many are looked at all the same.';

CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS lead_desk_id bigint,
                                       ADD COLUMN IF NOT EXISTS lead_staff_id bigint,
                                       ADD COLUMN IF NOT EXISTS lead_body text,
                                       ADD COLUMN IF NOT EXISTS reworks int NOT NULL DEFAULT 0,
                                       ADD COLUMN IF NOT EXISTS passed_by bigint[] NOT NULL DEFAULT ''{}''');
COMMENT ON COLUMN "case".lead_desk_id IS 'While it is checked and asked after: the desk that said it is done; else null.';
COMMENT ON COLUMN "case".lead_staff_id IS 'And who of it; never checks it.';
COMMENT ON COLUMN "case".lead_body IS 'And the body responsible, where the desk held it in its place.';
COMMENT ON COLUMN "case".reworks IS 'How often it was not done after all.';
COMMENT ON COLUMN "case".passed_by IS 'Staff who found it done when it was not; they do not check it again.';
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_lead_desk_id_fkey,
                                       ADD CONSTRAINT case_lead_desk_id_fkey FOREIGN KEY (lead_desk_id) REFERENCES desk NOT VALID');
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_lead_staff_id_fkey,
                                       ADD CONSTRAINT case_lead_staff_id_fkey FOREIGN KEY (lead_staff_id) REFERENCES staff NOT VALID');
ALTER TABLE "case" VALIDATE CONSTRAINT case_lead_desk_id_fkey;
ALTER TABLE "case" VALIDATE CONSTRAINT case_lead_staff_id_fkey;
-- They are few among all; for those who did it.
DROP INDEX CONCURRENTLY IF EXISTS case_led;
CREATE INDEX CONCURRENTLY case_led ON "case" (lead_desk_id, next_due_at, id) WHERE closed_at IS NULL AND lead_desk_id IS NOT NULL;

CALL do_giving_way('ALTER TABLE clock DROP CONSTRAINT IF EXISTS clock_kind_check,
                                      ADD CONSTRAINT clock_kind_check
                                      CHECK (kind IN (''acceptance'', ''signing'', ''first_contact'', ''handling'', ''check'', ''return_visit'', ''rework'', ''review'')) NOT VALID');
ALTER TABLE clock VALIDATE CONSTRAINT clock_kind_check;

-- And then the resident is asked.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS rests boolean NOT NULL DEFAULT false');
COMMENT ON COLUMN "case".rests IS 'Whether nobody at its desk has anything to do, since the resident is asked.';
CREATE TABLE IF NOT EXISTS return_visit (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id     bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  begun_at    timestamptz NOT NULL,
  answer_id   bigint NOT NULL REFERENCES case_answer,
  passed_by   bigint REFERENCES staff,
  -- When it goes on by itself; null: it waits for somebody.
  next_due_at timestamptz,
  solved      text CHECK (solved IN ('yes', 'partly', 'no')),
  satisfied   text CHECK (satisfied IN ('satisfied', 'basically', 'fair', 'dissatisfied')),
  contacted   boolean,
  words       text CHECK (length(words) <= 2000),
  rated_at    timestamptz,
  -- Who heard it by telephone; null: it was said by the resident.
  staff_id    bigint REFERENCES staff,
  outcome     text CHECK (outcome IN ('answered', 'no_answer', 'unreachable', 'overruled', 'reopened')),
  ended_at    timestamptz,
  CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
COMMENT ON TABLE return_visit IS
  'Personal data. Class: what a resident thinks of how a matter was handled. Basis: public duty, the resident''s own words. Retention: as the case; the words are erased with the person.';
CREATE UNIQUE INDEX IF NOT EXISTS return_visit_going_on ON return_visit (case_id) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS return_visit_of_case ON return_visit (case_id, id DESC);
CREATE INDEX IF NOT EXISTS return_visit_due ON return_visit (next_due_at, id) WHERE ended_at IS NULL AND next_due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS return_visit_try (
  visit_id bigint NOT NULL REFERENCES return_visit ON DELETE CASCADE,
  nth      int NOT NULL CHECK (nth > 0),
  way      text NOT NULL CHECK (way IN ('chat', 'telephone')),
  -- Counted once a platform has accepted it, or somebody has telephoned.
  state    text NOT NULL CHECK (state IN ('waiting', 'counted', 'failed')),
  staff_id bigint REFERENCES staff,
  at       timestamptz NOT NULL,
  day      date NOT NULL,
  PRIMARY KEY (visit_id, nth)
);
COMMENT ON TABLE return_visit_try IS 'How often a resident was asked after a matter; no personal data.';
