-- A matter is urged: by whoever told it, by the community's desk, by those who lead.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS urges int NOT NULL DEFAULT 0,
                                       ADD COLUMN IF NOT EXISTS urged_at timestamptz,
                                       ADD COLUMN IF NOT EXISTS resident_urged_at timestamptz');
COMMENT ON COLUMN "case".urges IS 'How often whoever told it has urged it.';
COMMENT ON COLUMN "case".urged_at IS 'When it was urged last, by whomever.';
COMMENT ON COLUMN "case".resident_urged_at IS 'When whoever told it has urged it last.';

-- And those who lead see to it themselves that something is done.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS supervised_at timestamptz');
COMMENT ON COLUMN "case".supervised_at IS 'Since when somebody who leads supervises it; null: nobody does.';
-- They are few among all.
DROP INDEX CONCURRENTLY IF EXISTS case_supervised;
CREATE INDEX CONCURRENTLY case_supervised ON "case" (next_due_at, id) WHERE closed_at IS NULL AND supervised_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS case_supervised_closed;
CREATE INDEX CONCURRENTLY case_supervised_closed ON "case" (closed_at, id) WHERE closed_at IS NOT NULL AND supervised_at IS NOT NULL;

CALL do_giving_way('ALTER TABLE errand DROP CONSTRAINT IF EXISTS errand_why_check,
                                       ADD CONSTRAINT errand_why_check
                                       CHECK (why IN (''new'', ''soon'', ''overdue'', ''alarm'', ''urged'', ''supervised'')) NOT VALID');
ALTER TABLE errand VALIDATE CONSTRAINT errand_why_check;
