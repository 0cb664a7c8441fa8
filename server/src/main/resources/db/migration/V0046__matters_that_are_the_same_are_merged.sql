-- Several who tell of the same have a case each; one of these is handled, and the others follow it.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS master_id bigint,
                                       ADD COLUMN IF NOT EXISTS merged_at timestamptz,
                                       ADD COLUMN IF NOT EXISTS let_go_at timestamptz');
COMMENT ON COLUMN "case".master_id IS 'The case that it is handled with; null: it is handled by itself, or with a known matter.';
COMMENT ON COLUMN "case".merged_at IS 'Since when; its teller hears nothing of what was said of the other before.';
COMMENT ON COLUMN "case".let_go_at IS 'Since when whoever told it does not want it any more, while it goes on for those that follow it; else null.';
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_master_id_fkey,
                                       ADD CONSTRAINT case_master_id_fkey FOREIGN KEY (master_id) REFERENCES "case" NOT VALID');
ALTER TABLE "case" VALIDATE CONSTRAINT case_master_id_fkey;
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_follows_once_merged,
                                       ADD CONSTRAINT case_follows_once_merged
                                       CHECK ((master_id IS NULL) = (merged_at IS NULL)
                                              AND (master_id IS NULL OR (state = ''MERGED'' AND master_id <> id))) NOT VALID');
ALTER TABLE "case" VALIDATE CONSTRAINT case_follows_once_merged;
-- They are few among all; for the page of what they follow, and for whoever tells them of it.
DROP INDEX CONCURRENTLY IF EXISTS case_followers;
CREATE INDEX CONCURRENTLY case_followers ON "case" (master_id, id) WHERE master_id IS NOT NULL;

-- Neither chains nor circles, also when two are merged at the same moment: the row that is looked at is held.
CREATE OR REPLACE FUNCTION case_follows_what_is_handled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM "case" WHERE id = new.master_id AND master_id IS NULL AND closed_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE check_violation USING MESSAGE = 'case ' || new.master_id || ' is over, or follows another';
  END IF;
  IF EXISTS (SELECT FROM "case" WHERE master_id = new.id) THEN
    RAISE check_violation USING MESSAGE = 'others follow case ' || new.id;
  END IF;
  RETURN new;
END $$;
CALL do_giving_way('CREATE OR REPLACE TRIGGER case_follows BEFORE UPDATE OF master_id ON "case"
                      FOR EACH ROW WHEN (new.master_id IS NOT NULL AND new.master_id IS DISTINCT FROM old.master_id)
                      EXECUTE FUNCTION case_follows_what_is_handled()');
