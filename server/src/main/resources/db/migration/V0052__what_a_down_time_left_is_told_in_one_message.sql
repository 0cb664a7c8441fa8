-- After a down-time, or once a rule is live over much that stood so before, a desk is told of all of it in one message.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS heartbeat (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  alive_at timestamptz NOT NULL
);
COMMENT ON TABLE heartbeat IS 'When any server last said that it runs; no personal data.';

CREATE TABLE IF NOT EXISTS catch_up (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('outage', 'rule')),
  -- Null: a rule was turned live, and what stood so before is from whenever.
  began_at timestamptz,
  ended_at timestamptz NOT NULL,
  rule     text,
  version  int,
  FOREIGN KEY (rule, version) REFERENCES rule_switch,
  CHECK ((kind = 'outage') = (began_at IS NOT NULL) AND (kind = 'rule') = (rule IS NOT NULL AND version IS NOT NULL)),
  CHECK (began_at < ended_at)
);
COMMENT ON TABLE catch_up IS 'When no server ran, and when a rule was turned live; no personal data. Kept: outages are credited to desks.';
CREATE INDEX IF NOT EXISTS catch_up_outage ON catch_up (ended_at) WHERE kind = 'outage';
CREATE UNIQUE INDEX IF NOT EXISTS catch_up_rule ON catch_up (rule, version) WHERE kind = 'rule';

CREATE TABLE IF NOT EXISTS digest (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  catch_up_id bigint NOT NULL REFERENCES catch_up,
  desk_id     bigint NOT NULL REFERENCES desk,
  made_at     timestamptz NOT NULL,
  -- How many cases it was about, and how many were told.
  cases       int NOT NULL,
  told        int NOT NULL
);
COMMENT ON TABLE digest IS 'What was told to a desk in one message instead of one for each case; no personal data.';
CREATE INDEX IF NOT EXISTS digest_of_catch_up ON digest (catch_up_id);

CALL do_giving_way('ALTER TABLE errand ADD COLUMN IF NOT EXISTS catch_up_id bigint, ADD COLUMN IF NOT EXISTS digest_id bigint');
COMMENT ON COLUMN errand.catch_up_id IS 'Nobody is called to this one by itself: it is in a digest. Else null.';
COMMENT ON COLUMN errand.digest_id IS 'In which one, once it was made.';
CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT IF EXISTS errand_catch_up_id_fkey,
                                       ADD CONSTRAINT errand_catch_up_id_fkey FOREIGN KEY (catch_up_id) REFERENCES catch_up NOT VALID');
CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT IF EXISTS errand_digest_id_fkey,
                                       ADD CONSTRAINT errand_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES digest NOT VALID');
ALTER TABLE errand VALIDATE CONSTRAINT errand_catch_up_id_fkey;
ALTER TABLE errand VALIDATE CONSTRAINT errand_digest_id_fkey;
-- What waits for its digest, by desk.
DROP INDEX CONCURRENTLY IF EXISTS errand_to_digest;
CREATE INDEX CONCURRENTLY errand_to_digest ON errand (catch_up_id, desk_id, created_at)
 WHERE catch_up_id IS NOT NULL AND digest_id IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS errand_of_digest;
CREATE INDEX CONCURRENTLY errand_of_digest ON errand (digest_id, occasion) WHERE digest_id IS NOT NULL;

-- A complaint about how staff behaved never comes to the unit that it is about.
CALL do_giving_way('ALTER TABLE category ADD COLUMN IF NOT EXISTS about_staff boolean NOT NULL DEFAULT false');
COMMENT ON COLUMN category.about_staff IS 'Whether it complains about how staff behaved: kept from the unit that it is about.';
UPDATE category SET about_staff = true WHERE code = '1205' AND NOT about_staff;
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS about_desk_id bigint,
                                       ADD COLUMN IF NOT EXISTS about_staff_id bigint,
                                       ADD COLUMN IF NOT EXISTS about_territory_id bigint');
COMMENT ON COLUMN "case".about_desk_id IS 'Which desk a complaint about staff is about; it is kept from them.';
COMMENT ON COLUMN "case".about_staff_id IS 'Or who of staff. Neither: the unit where it happened.';
COMMENT ON COLUMN "case".about_territory_id IS 'And what belongs to that unit.';
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_about_desk_id_fkey,
                                       ADD CONSTRAINT case_about_desk_id_fkey FOREIGN KEY (about_desk_id) REFERENCES desk NOT VALID');
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_about_staff_id_fkey,
                                       ADD CONSTRAINT case_about_staff_id_fkey FOREIGN KEY (about_staff_id) REFERENCES staff NOT VALID');
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_about_territory_id_fkey,
                                       ADD CONSTRAINT case_about_territory_id_fkey FOREIGN KEY (about_territory_id) REFERENCES territory NOT VALID');
ALTER TABLE "case" VALIDATE CONSTRAINT case_about_desk_id_fkey;
ALTER TABLE "case" VALIDATE CONSTRAINT case_about_staff_id_fkey;
ALTER TABLE "case" VALIDATE CONSTRAINT case_about_territory_id_fkey;
-- And what or where it is decides, too.
CALL do_giving_way('CREATE OR REPLACE TRIGGER rules_look_when_moved
                      AFTER UPDATE OF state, level, desk_id, next_due_at, reworks, category_code, territory_id, about_desk_id, about_staff_id ON "case"
                      FOR EACH ROW WHEN (new.closed_at IS NULL AND
                        (old.state, old.level, old.desk_id, old.next_due_at, old.reworks, old.category_code, old.territory_id,
                         old.about_desk_id, old.about_staff_id)
                          IS DISTINCT FROM (new.state, new.level, new.desk_id, new.next_due_at, new.reworks, new.category_code, new.territory_id,
                                                new.about_desk_id, new.about_staff_id))
                      EXECUTE FUNCTION rules_look_at_case()');
-- As with the others (V0044): a new house begins with what is for safety live, and an upgrade sets nothing.
INSERT INTO rule_switch (rule, version, mode)
SELECT rule, 1, CASE WHEN in_use THEN upgraded ELSE new END
  FROM (VALUES ('E5', 'off', 'live'), ('E6', 'off', 'live')) AS first (rule, upgraded, new),
       (SELECT EXISTS (SELECT FROM "case") AS in_use) AS house
    ON CONFLICT DO NOTHING;
