-- Staff look at a case of another unit only when they have said why, and for half an hour; who leads a unit sees who looked.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS look_outside (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- For the page on which it is looked at.
  code     text NOT NULL UNIQUE,
  staff_id bigint NOT NULL REFERENCES staff,
  -- Of whoever looks, as it was then.
  unit_id  bigint NOT NULL REFERENCES territory,
  -- Null: there is none, or none that is looked at so. It counts among the looks of the day all the same.
  case_id  bigint REFERENCES "case" ON DELETE CASCADE,
  reason   text NOT NULL CHECK (reason IN ('same', 'asked', 'moved', 'wrong_desk', 'other')),
  words    text NOT NULL CHECK (length(words) <= 300),
  at       timestamptz NOT NULL,
  until    timestamptz NOT NULL CHECK (until >= at)
);
COMMENT ON TABLE look_outside IS
  'Who of staff looked at a case of another unit, and why. Class: staff activity. Basis: the duty to log. Retention: as the case; where there was none to be seen, two days. The audit keeps it beside.';
CREATE INDEX IF NOT EXISTS look_outside_of_staff ON look_outside (staff_id, at);
CREATE INDEX IF NOT EXISTS look_outside_of_case ON look_outside (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS look_outside_vain ON look_outside (at) WHERE case_id IS NULL;

-- Which entries of the audit tell who leads a community or a street what was looked at by its staff, and of its matters. One row for
-- each of these units, so that its page is one walk along an index.
CREATE TABLE IF NOT EXISTS audit_unit (
  territory_id bigint NOT NULL REFERENCES territory,
  at           timestamptz NOT NULL,
  entry_id     bigint NOT NULL REFERENCES audit_entry ON DELETE CASCADE,
  staff_id     bigint NOT NULL REFERENCES staff,
  what         text NOT NULL,
  case_number  text,
  PRIMARY KEY (territory_id, at, entry_id)
);
COMMENT ON TABLE audit_unit IS
  'By which units an entry of the audit is found. Class: staff activity. Basis: the duty to log. Retention: as the entry.';
CREATE INDEX IF NOT EXISTS audit_unit_by_entry ON audit_unit (entry_id);
CREATE INDEX IF NOT EXISTS audit_unit_by_staff ON audit_unit (territory_id, staff_id, at, entry_id);
CREATE INDEX IF NOT EXISTS audit_unit_by_what ON audit_unit (territory_id, what, at, entry_id);
CREATE INDEX IF NOT EXISTS audit_unit_by_case ON audit_unit (territory_id, case_number, at, entry_id) WHERE case_number IS NOT NULL;

-- The communities and streets around whoever looked, and around the case of this number.
CREATE OR REPLACE FUNCTION units_of_look(looker bigint, number_of_case text) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT u.id FROM territory u
   WHERE u.level IN ('community', 'street')
     AND u.id IN (
           SELECT node::bigint
             FROM (SELECT t.path FROM staff s JOIN territory t ON t.id = s.territory_id WHERE s.id = looker
                   UNION ALL
                   SELECT c.territory_path FROM "case" c WHERE c.number = number_of_case) around (path),
                  unnest(string_to_array(trim(both '/' from around.path), '/')) AS node)
$$;

INSERT INTO audit_unit (territory_id, at, entry_id, staff_id, what, case_number)
SELECT u.id, e.at, e.id, e.staff_id, e.what, e.details::jsonb ->> 'case'
  FROM audit_entry e CROSS JOIN LATERAL units_of_look(e.staff_id, e.details::jsonb ->> 'case') u (id)
 WHERE e.staff_id IS NOT NULL
   AND e.what IN ('staff_number_seen', 'resident_number_seen', 'person_compared', 'person_sought', 'consents_seen', 'paper_opened',
                  'cases_exported', 'case_printed', 'cases_printed', 'shift_printed', 'audit_exported')
ON CONFLICT DO NOTHING;

-- Of one case, for whoever reads all.
DROP INDEX CONCURRENTLY IF EXISTS audit_by_case;
CREATE INDEX CONCURRENTLY audit_by_case ON audit_entry ((details::jsonb ->> 'case'), at, id) WHERE (details::jsonb ->> 'case') IS NOT NULL;

-- What is never spoken of: violence at home, children.
CALL do_giving_way('ALTER TABLE category ADD COLUMN IF NOT EXISTS quiet boolean NOT NULL DEFAULT false');
COMMENT ON COLUMN category.quiet IS 'Whether it is kept quiet: told in confidence whatever else is set, and no message names it.';
-- Also what somebody was in danger of.
CREATE OR REPLACE FUNCTION is_quiet(asked bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM "case" c JOIN category q ON q.code = c.category_code WHERE c.id = asked AND q.quiet)
      OR EXISTS (SELECT FROM alarm a WHERE a.case_id = asked AND a.kind IN ('violence', 'suicide'))
$$;
UPDATE category SET quiet = true WHERE NOT quiet AND code IN ('0704', '0907');
UPDATE "case" SET confidential = true
 WHERE NOT confidential AND category_code IN (SELECT code FROM category WHERE quiet);
UPDATE "case" c SET confidential = true FROM alarm a
 WHERE a.case_id = c.id AND a.kind IN ('violence', 'suicide') AND NOT c.confidential;
