-- What a head says by voice to what they were asked is heard and written down as their answer.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short. That release takes such a voice for a resident's, as it always did.
CALL do_giving_way('ALTER TABLE hearing ADD COLUMN IF NOT EXISTS request_id bigint,
                                        ADD COLUMN IF NOT EXISTS asks boolean NOT NULL DEFAULT false');
COMMENT ON COLUMN hearing.request_id IS 'To what it is the answer of a head, whose case says who may hear it; null: to nothing.';
COMMENT ON COLUMN hearing.asks IS 'Whether a head has still to say to which of several it is the answer.';
CALL do_giving_way('ALTER TABLE hearing DROP CONSTRAINT IF EXISTS hearing_request_id_fkey,
                                        ADD CONSTRAINT hearing_request_id_fkey FOREIGN KEY (request_id) REFERENCES request ON DELETE SET NULL NOT VALID');
ALTER TABLE hearing VALIDATE CONSTRAINT hearing_request_id_fkey;
DROP INDEX CONCURRENTLY IF EXISTS hearing_of_request;
CREATE INDEX CONCURRENTLY hearing_of_request ON hearing (request_id) WHERE request_id IS NOT NULL;
-- The few that wait, wherever their cases are now.
DROP INDEX CONCURRENTLY IF EXISTS hearing_of_heads;
CREATE INDEX CONCURRENTLY hearing_of_heads ON hearing (due_at, id) WHERE request_id IS NOT NULL AND heard_at IS NULL;

CALL do_giving_way('ALTER TABLE case_note ADD COLUMN IF NOT EXISTS spoken boolean NOT NULL DEFAULT false');
COMMENT ON COLUMN case_note.spoken IS 'Whether it was said by voice, and written down by a machine or by whoever listened.';

COMMENT ON TABLE request_question IS
  'Personal data. Class: what a head said as such in a chat, until it is known to what. Basis: public duty. Retention: ten minutes; what somebody has heard and written down, a day.';
