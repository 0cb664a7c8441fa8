-- Cases are found by what the resident added to them, too: in the bot's dialog, or to staff who had the conversation.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.

-- In which messages something was added to a case. Written a moment after the message, by a listener that hears of all that
-- was ever added; an index over "case".message_ids would be paid for by residents' turns.
-- Ids only. Kept as long as the case.
CREATE TABLE IF NOT EXISTS case_addition (
  case_id    bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  -- No foreign key: as everywhere, nobody waits for one on messages (V0012).
  message_id bigint NOT NULL,
  PRIMARY KEY (case_id, message_id)
);
CREATE INDEX IF NOT EXISTS case_addition_by_message ON case_addition (message_id);

-- The cases into whose words what was added has still to go. Not `case_words_due`: the release before takes from there, and knows of
-- no additions.
CREATE TABLE IF NOT EXISTS case_addition_due (
  case_id     bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  next_due_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS case_addition_due_next ON case_addition_due (next_due_at);

-- Whoever writes words without saying that they know of additions is of the release before, and has left them out.
CREATE OR REPLACE FUNCTION additions_were_left_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('linyu.additions', true) IS DISTINCT FROM 'known'
     AND EXISTS (SELECT FROM case_addition WHERE case_id = NEW.case_id) THEN
    INSERT INTO case_addition_due VALUES (NEW.case_id, now()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

-- Takes the words of these cases away and has them written anew. Whoever copies words takes the case out of
-- the due ones first, reads, and writes; so the due ones are held first here, too: a copy that was under way is made again, and
-- none can begin before this transaction is over.
CREATE OR REPLACE FUNCTION case_words_anew(cases bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_words_due SELECT c, now() FROM unnest(cases) c ORDER BY c
    ON CONFLICT (case_id) DO UPDATE SET next_due_at = case_words_due.next_due_at;
  DELETE FROM case_words WHERE case_id = ANY (cases);
END $$;

-- What was said there and is erased or written over is found no longer, from that moment on and whoever does it; what was
-- heard out of a voice is found.
CREATE OR REPLACE FUNCTION added_words_are_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said      bigint;
  take_away boolean := true;
  over      bigint[];
BEGIN
  IF TG_TABLE_NAME = 'message' THEN
    said := OLD.id;
  ELSE
    said := OLD.message_id;
    take_away := OLD.transcript IS NOT NULL;
  END IF;
  over := ARRAY(SELECT case_id FROM case_addition WHERE message_id = said ORDER BY case_id);
  IF over <> '{}' THEN
    IF take_away THEN
      PERFORM case_words_anew(over);
    END IF;
    INSERT INTO case_addition_due SELECT o, now() FROM unnest(over) o ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

-- The same for the case's own texts (V0015), which left words standing when they were just being copied.
CREATE OR REPLACE FUNCTION case_words_are_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  over bigint[];
BEGIN
  IF TG_TABLE_NAME = 'person' THEN
    over := ARRAY(SELECT id FROM "case" WHERE person_id = OLD.id ORDER BY id);
  ELSIF TG_TABLE_NAME = 'case' THEN
    over := ARRAY[OLD.id];
  ELSE
    over := ARRAY[OLD.case_id];
  END IF;
  PERFORM case_words_anew(over);
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
      CREATE OR REPLACE TRIGGER added_words_are_over AFTER UPDATE OF content OR DELETE ON message
        FOR EACH ROW WHEN (OLD.said_by = 'resident') EXECUTE FUNCTION added_words_are_over();
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
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      CREATE OR REPLACE TRIGGER added_words_are_over AFTER UPDATE OF transcript OR DELETE ON hearing
        FOR EACH ROW EXECUTE FUNCTION added_words_are_over();
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
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '500ms';
      CREATE OR REPLACE TRIGGER additions_were_left_out AFTER INSERT OR UPDATE OF words ON case_words
        FOR EACH ROW EXECUTE FUNCTION additions_were_left_out();
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
