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
