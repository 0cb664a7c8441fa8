-- A promise that was not kept in time is noticed once, and the resident hears of it.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.

-- For this and later migrations: does what asks for a table of its own, giving way to whoever holds it, so that those who come
-- after do not all wait.
CREATE OR REPLACE PROCEDURE do_giving_way(what text) LANGUAGE plpgsql AS $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      EXECUTE what;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries > 600 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;

CALL do_giving_way('ALTER TABLE clock ADD COLUMN IF NOT EXISTS late_at timestamptz');
COMMENT ON COLUMN clock.late_at IS 'When it was noticed that it was due and not done. What was late before this was kept has its due time.';

DROP INDEX CONCURRENTLY IF EXISTS clock_late;
CREATE INDEX CONCURRENTLY clock_late ON clock (due_at, case_id)
 WHERE stopped_at IS NULL AND late_at IS NULL AND kind IN ('acceptance', 'first_contact', 'handling');

-- Nobody is told in one night of all that was ever late.
UPDATE clock SET late_at = due_at
 WHERE stopped_at IS NULL AND late_at IS NULL AND kind IN ('acceptance', 'first_contact', 'handling') AND due_at <= now();
