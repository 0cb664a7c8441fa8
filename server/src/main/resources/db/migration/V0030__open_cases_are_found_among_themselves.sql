-- Words of what is open are sought in an index of its own: of a million cases a few thousand are open, and each list of them
-- asked all.
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
      -- Says too much rather than too little: the release before writes new rows without it and does not close them here.
      -- Each list looks at the case itself.
      ALTER TABLE case_words ADD COLUMN IF NOT EXISTS open boolean NOT NULL DEFAULT false;
      ALTER TABLE case_words ALTER COLUMN open SET DEFAULT true;
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
COMMENT ON COLUMN case_words.open IS 'False: the case is closed. True: it is open, or was when its words were written.';

-- What is opened again is found again at once, whoever does it.
CREATE OR REPLACE FUNCTION case_words_are_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_words SET open = true WHERE case_id = NEW.id AND NOT open;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER case_words_are_open AFTER UPDATE OF closed_at ON "case"
  FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL) EXECUTE FUNCTION case_words_are_open();

UPDATE case_words w SET open = true FROM "case" c WHERE c.id = w.case_id AND c.closed_at IS NULL AND NOT w.open;
DROP INDEX CONCURRENTLY IF EXISTS case_words_open_by_pieces;
CREATE INDEX CONCURRENTLY case_words_open_by_pieces ON case_words USING gin (title_pieces(words), marks)
  WITH (gin_pending_list_limit = 256) WHERE open;
ANALYZE case_words;
