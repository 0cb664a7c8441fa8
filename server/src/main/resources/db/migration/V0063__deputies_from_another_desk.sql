-- Whoever is away may be stood in for by somebody of another desk, who then works at theirs for these days.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short. The release before takes such a deputy for one who can do nothing at that desk.
CALL do_giving_way('ALTER TABLE absence ADD COLUMN IF NOT EXISTS desk_id bigint');
COMMENT ON COLUMN absence.desk_id IS 'At which desk the deputy works meanwhile, who is of another one. Null: they are colleagues, or nobody stands in.';
CALL do_giving_way('ALTER TABLE absence DROP CONSTRAINT IF EXISTS absence_desk_id_fkey,
                                        ADD CONSTRAINT absence_desk_id_fkey FOREIGN KEY (desk_id) REFERENCES desk NOT VALID');
ALTER TABLE absence VALIDATE CONSTRAINT absence_desk_id_fkey;
-- Who stands in at a desk; they are few.
CREATE INDEX IF NOT EXISTS absence_at_desk ON absence (desk_id) WHERE desk_id IS NOT NULL;
