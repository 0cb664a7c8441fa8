-- Who has left, and we were never told: the platform said so when something was to be delivered.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.

-- Gives way to whoever holds the table, and does not make all wait who come after it.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      -- Since when nobody is there, as due work found it; from then on a month is waited for a word from them.
      ALTER TABLE address ADD COLUMN IF NOT EXISTS lost_at timestamptz;
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

-- Who is there again is not lost, whoever writes it.
CREATE OR REPLACE FUNCTION address_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.lost_at := NULL;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER address_is_found BEFORE UPDATE OF follows ON address
  FOR EACH ROW WHEN (NEW.follows AND NEW.lost_at IS NOT NULL) EXECUTE FUNCTION address_is_found();

DROP INDEX CONCURRENTLY IF EXISTS address_lost;
CREATE INDEX CONCURRENTLY address_lost ON address (lost_at NULLS FIRST, id)
 WHERE NOT follows AND forget_at IS NULL AND NOT starts_with(external_id, 'left:');
