-- What a message and a case know of each other costs less to write.
--
-- Made while the release before goes on writing, so not in a transaction (see the file beside it), and to be made again when
-- it was cut short.

-- The messages a case was told in, in their order. One message may tell of several cases. It was `message.case_id`, which the
-- release before still writes; from now on that is the case which was talked about when the message was said.
ALTER TABLE "case" ADD COLUMN IF NOT EXISTS message_ids bigint[] NOT NULL DEFAULT '{}';

-- A batch draws once: what follows the number drawn is its own, for two messages of each of 64 turns.
ALTER SEQUENCE message_id INCREMENT BY 128;

-- Nearly all messages name neither a case nor a member of staff, and a foreign key is looked at for each of them.
CREATE OR REPLACE FUNCTION message_refers_to_what_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.case_id IS NOT NULL THEN
    PERFORM FROM "case" WHERE id = NEW.case_id FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE foreign_key_violation USING MESSAGE = 'there is no case ' || NEW.case_id;
    END IF;
  END IF;
  IF NEW.staff_id IS NOT NULL THEN
    PERFORM FROM staff WHERE id = NEW.staff_id FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE foreign_key_violation USING MESSAGE = 'there is no member of staff ' || NEW.staff_id;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER message_refers_to_what_is_there BEFORE INSERT OR UPDATE OF case_id, staff_id ON message
  FOR EACH ROW WHEN (NEW.case_id IS NOT NULL OR NEW.staff_id IS NOT NULL) EXECUTE FUNCTION message_refers_to_what_is_there();

CREATE OR REPLACE FUNCTION case_is_not_referred_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM message WHERE case_id = OLD.id) THEN
    RAISE foreign_key_violation USING MESSAGE = 'case ' || OLD.id || ' still has messages';
  END IF;
  RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER case_is_not_referred_to BEFORE DELETE ON "case"
  FOR EACH ROW EXECUTE FUNCTION case_is_not_referred_to();
CREATE OR REPLACE FUNCTION staff_is_not_referred_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM message WHERE staff_id = OLD.id) THEN
    RAISE foreign_key_violation USING MESSAGE = 'member of staff ' || OLD.id || ' still has messages';
  END IF;
  RETURN OLD;
END $$;
CREATE OR REPLACE TRIGGER staff_is_not_referred_to BEFORE DELETE ON staff
  FOR EACH ROW EXECUTE FUNCTION staff_is_not_referred_to();

-- Each takes two tables, which turns take the other way round. It gives way to them before PostgreSQL would end one of both.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      ALTER TABLE message DROP CONSTRAINT IF EXISTS message_case_id_fkey;
      ALTER TABLE message DROP CONSTRAINT IF EXISTS message_staff_id_fkey;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries > 60 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;
