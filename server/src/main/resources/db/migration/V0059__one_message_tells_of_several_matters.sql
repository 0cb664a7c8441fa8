-- What is told in one message and is several matters is split: each is a case of its own.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS split_from_id bigint');
COMMENT ON COLUMN "case".split_from_id IS 'The case in which it was told together with something else; null: it was told by itself.';
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_split_from_id_fkey,
                                       ADD CONSTRAINT case_split_from_id_fkey FOREIGN KEY (split_from_id) REFERENCES "case" NOT VALID');
ALTER TABLE "case" VALIDATE CONSTRAINT case_split_from_id_fkey;
-- They are few among all; for the pages of what was told together.
DROP INDEX CONCURRENTLY IF EXISTS case_split_off;
CREATE INDEX CONCURRENTLY case_split_off ON "case" (split_from_id, id) WHERE split_from_id IS NOT NULL;

-- What was told with something that is never spoken of is not spoken of either.
CREATE OR REPLACE FUNCTION is_quiet(asked bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM "case" c JOIN category q ON q.code = c.category_code WHERE c.id = asked AND q.quiet)
      OR EXISTS (SELECT FROM alarm a WHERE a.case_id = asked AND a.kind IN ('violence', 'suicide'))
      OR EXISTS (SELECT FROM "case" c WHERE c.id = asked AND c.split_from_id IS NOT NULL AND is_quiet(c.split_from_id))
$$;
