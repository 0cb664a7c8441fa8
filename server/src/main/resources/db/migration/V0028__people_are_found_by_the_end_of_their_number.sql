-- "Your number ends in?" At the counter people say four digits, not eleven. Not in a transaction (see the file beside it), and
-- to be made again when it was cut short.

-- Keyed, of the last four digits alone. They are far too few to hide behind a plain digest, so this is of no use without the
-- key; and who asks is shown only cases that they may see anyway. Written with the number; where the release before has
-- written that, and for what was there before, as due work (phone-ends).
-- Gives way to whoever has the table, as in V0027.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      ALTER TABLE person ADD COLUMN IF NOT EXISTS phone_end_hash bytea;
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

-- A number that changes, goes, or is hashed with another key takes it along, whoever writes it. Who writes both says so by
-- writing another one.
CREATE OR REPLACE FUNCTION phone_end_goes_with_the_phone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.phone_hash IS NULL OR NEW.phone_end_hash IS NOT DISTINCT FROM OLD.phone_end_hash THEN
    NEW.phone_end_hash := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER phone_end_goes_with_the_phone BEFORE UPDATE OF phone_hash ON person
  FOR EACH ROW WHEN (OLD.phone_hash IS DISTINCT FROM NEW.phone_hash) EXECUTE FUNCTION phone_end_goes_with_the_phone();

DROP INDEX CONCURRENTLY IF EXISTS person_by_phone_end;
CREATE INDEX CONCURRENTLY person_by_phone_end ON person (phone_end_hash) WHERE phone_end_hash IS NOT NULL;
-- Those that are still without.
DROP INDEX CONCURRENTLY IF EXISTS person_without_phone_end;
CREATE INDEX CONCURRENTLY person_without_phone_end ON person (id) WHERE phone_hash IS NOT NULL AND phone_end_hash IS NULL;
