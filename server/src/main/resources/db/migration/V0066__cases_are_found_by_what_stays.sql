-- Whatever a step changes of a case, its row is written anew, and with it an entry in each index that it stands in: fifteen of an
-- open case. Half of them were there to find it by what no step changes, and those cost the most, since each lies on a page that
-- nothing else touches. What a case is found by stands in a row of its own now, which stays as it is.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and to be
-- made again when it was cut short. The release before writes "case" alone; triggers do the rest.

CREATE TABLE IF NOT EXISTS case_key (
  case_id    bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  number     text NOT NULL,
  code       text NOT NULL,
  person_id  bigint,
  address_id bigint
);
COMMENT ON TABLE case_key IS 'What a case is found by, as it stands in "case" itself; triggers keep it. Retention: as the cases.';

CREATE OR REPLACE FUNCTION case_has_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_key (case_id, number, code, person_id, address_id)
  VALUES (NEW.id, NEW.number, NEW.code, NEW.person_id, NEW.address_id)
      ON CONFLICT (case_id) DO UPDATE
     SET number = excluded.number, code = excluded.code, person_id = excluded.person_id, address_id = excluded.address_id;
  RETURN NULL;
END $$;

-- Gives way to whoever holds the table, and does not make all wait who come after it.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      CREATE OR REPLACE TRIGGER case_has_keys AFTER INSERT ON "case" FOR EACH ROW EXECUTE FUNCTION case_has_keys();
      CREATE OR REPLACE TRIGGER case_has_other_keys AFTER UPDATE OF number, code, person_id, address_id ON "case"
        FOR EACH ROW WHEN ((OLD.number, OLD.code, OLD.person_id, OLD.address_id)
                           IS DISTINCT FROM (NEW.number, NEW.code, NEW.person_id, NEW.address_id))
        EXECUTE FUNCTION case_has_keys();
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

-- What a trigger has written meanwhile is newer than what is read here.
INSERT INTO case_key (case_id, number, code, person_id, address_id)
SELECT id, number, code, person_id, address_id FROM "case" ORDER BY id
    ON CONFLICT (case_id) DO NOTHING;

-- Also by its beginning: one index for both.
DROP INDEX CONCURRENTLY IF EXISTS case_key_number;
CREATE UNIQUE INDEX CONCURRENTLY case_key_number ON case_key (number text_pattern_ops);
DROP INDEX CONCURRENTLY IF EXISTS case_key_last_digits;
CREATE INDEX CONCURRENTLY case_key_last_digits ON case_key (right(number, 4));
DROP INDEX CONCURRENTLY IF EXISTS case_key_code;
CREATE UNIQUE INDEX CONCURRENTLY case_key_code ON case_key (code);
DROP INDEX CONCURRENTLY IF EXISTS case_key_person;
CREATE INDEX CONCURRENTLY case_key_person ON case_key (person_id, case_id);
DROP INDEX CONCURRENTLY IF EXISTS case_key_address;
CREATE INDEX CONCURRENTLY case_key_address ON case_key (address_id, case_id);

-- Whether there is such a person and such an address is asked here, where their indexes are.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      ALTER TABLE case_key DROP CONSTRAINT IF EXISTS case_key_person_id_fkey;
      ALTER TABLE case_key ADD CONSTRAINT case_key_person_id_fkey FOREIGN KEY (person_id) REFERENCES person NOT VALID;
      ALTER TABLE case_key DROP CONSTRAINT IF EXISTS case_key_address_id_fkey;
      ALTER TABLE case_key ADD CONSTRAINT case_key_address_id_fkey FOREIGN KEY (address_id) REFERENCES address NOT VALID;
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
ALTER TABLE case_key VALIDATE CONSTRAINT case_key_person_id_fkey;
ALTER TABLE case_key VALIDATE CONSTRAINT case_key_address_id_fkey;
ANALYZE case_key;

CREATE OR REPLACE FUNCTION case_words_are_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  over bigint[];
BEGIN
  IF TG_TABLE_NAME = 'person' THEN
    over := ARRAY(SELECT case_id FROM case_key WHERE person_id = OLD.id ORDER BY case_id);
  ELSIF TG_TABLE_NAME = 'case' THEN
    over := ARRAY[OLD.id];
  ELSE
    over := ARRAY[OLD.case_id];
  END IF;
  PERFORM case_words_anew(over);
  RETURN NULL;
END $$;

-- For the minutes in which a server of the release before still runs beside this one, it finds a case by its number, its page or
-- its person by reading them all.
DROP INDEX CONCURRENTLY IF EXISTS case_by_person;
DROP INDEX CONCURRENTLY IF EXISTS case_going_on_by_person;
DROP INDEX CONCURRENTLY IF EXISTS case_by_address;
DROP INDEX CONCURRENTLY IF EXISTS case_by_number;
DROP INDEX CONCURRENTLY IF EXISTS case_by_last_digits;
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_person_id_fkey;
      ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_address_id_fkey;
      ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_number_key;
      ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_code_key;
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
