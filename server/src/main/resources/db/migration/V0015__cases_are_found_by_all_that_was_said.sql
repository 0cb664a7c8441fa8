-- Finding a case by what was said in it, where it is and who told it; and lists of what is closed by category and by person.
-- Made while the release before goes on writing, so not in a transaction (see the file beside it), and to be made again when
-- it was cut short.

-- All words by which a case is found, in one place: a search is then one question to one index. Derived: written a moment
-- after the case was, as due work, so that no resident's turn pays for it, and made anew from the case when lost.
-- Personal data, class: chat; basis and retention as of "case": what is erased there is erased here in the same transaction.
CREATE TABLE IF NOT EXISTS case_words (
  case_id bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  -- Title, what was said, answers, notes, place, category, what staff call the person: a line each, in small letters.
  words   text NOT NULL,
  -- `t` and the id of the node it lies in and of each around it; `p` and the id of the person.
  marks   text[] NOT NULL
);
DROP INDEX CONCURRENTLY IF EXISTS case_words_by_pieces;
-- What has not been sorted in yet is read by every search, so that must not become much.
CREATE INDEX CONCURRENTLY case_words_by_pieces ON case_words USING gin (title_pieces(words), marks) WITH (gin_pending_list_limit = 256);

-- The cases whose words are to be written anew.
CREATE TABLE IF NOT EXISTS case_words_due (
  case_id     bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  next_due_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS case_words_due_next ON case_words_due (next_due_at);

-- What is erased or written over is found no longer, from that moment on and whoever does it.
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
  DELETE FROM case_words WHERE case_id = ANY (over);
  INSERT INTO case_words_due SELECT o, now() FROM unnest(over) o ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER case_words_are_over AFTER UPDATE OF called ON person
  FOR EACH ROW WHEN (OLD.called IS DISTINCT FROM NEW.called) EXECUTE FUNCTION case_words_are_over();
CREATE OR REPLACE TRIGGER case_words_are_over AFTER UPDATE OF title, what, place, person_id ON "case"
  FOR EACH ROW EXECUTE FUNCTION case_words_are_over();
CREATE OR REPLACE TRIGGER case_words_are_over AFTER UPDATE OF text OR DELETE ON case_answer
  FOR EACH ROW EXECUTE FUNCTION case_words_are_over();
CREATE OR REPLACE TRIGGER case_words_are_over AFTER UPDATE OF text OR DELETE ON case_note
  FOR EACH ROW EXECUTE FUNCTION case_words_are_over();

-- Keyed, finds a real name that is typed in full. It goes with the name, also where the release before lets that go.
ALTER TABLE person ADD COLUMN IF NOT EXISTS name_hash bytea;
CREATE OR REPLACE FUNCTION name_hash_goes_with_the_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.name_hash := NULL;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER name_hash_goes_with_the_name BEFORE UPDATE OF name_sealed ON person
  FOR EACH ROW WHEN (NEW.name_sealed IS NULL) EXECUTE FUNCTION name_hash_goes_with_the_name();
DROP INDEX CONCURRENTLY IF EXISTS person_by_name;
CREATE INDEX CONCURRENTLY person_by_name ON person (name_hash) WHERE name_hash IS NOT NULL;

-- Lists of what is closed, narrowed to a category or to who had it. Opening a case does not touch them.
DROP INDEX CONCURRENTLY IF EXISTS case_closed_by_staff;
CREATE INDEX CONCURRENTLY case_closed_by_staff ON "case" (staff_id, closed_at, id) WHERE closed_at IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS case_closed_by_category;
CREATE INDEX CONCURRENTLY case_closed_by_category ON "case" (category_code, closed_at, id) WHERE closed_at IS NOT NULL;

-- Lists that staff have given a name.
-- Personal data, class: staff's work; what is sought may name a resident; kept until removed.
CREATE TABLE IF NOT EXISTS saved_view (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL UNIQUE,
  staff_id   bigint NOT NULL REFERENCES staff,
  -- Shared with everybody who works there; null: with nobody.
  desk_id    bigint REFERENCES desk,
  name       text NOT NULL CHECK (name <> ''),
  -- The query of its address.
  list       text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS saved_view_by_staff ON saved_view (staff_id);
CREATE INDEX IF NOT EXISTS saved_view_by_desk ON saved_view (desk_id) WHERE desk_id IS NOT NULL;

-- Words that staff write again and again.
-- Personal data, class: staff's work; names nobody who was not written into it; kept until removed.
CREATE TABLE IF NOT EXISTS canned_reply (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL UNIQUE,
  staff_id   bigint NOT NULL REFERENCES staff,
  -- Shared with everybody who works there; null: with nobody.
  desk_id    bigint REFERENCES desk,
  name       text NOT NULL CHECK (name <> ''),
  -- With places for what is of the case, such as {称呼}.
  text       text NOT NULL CHECK (text <> ''),
  created_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS canned_reply_by_staff ON canned_reply (staff_id);
CREATE INDEX IF NOT EXISTS canned_reply_by_desk ON canned_reply (desk_id) WHERE desk_id IS NOT NULL;

-- What staff are writing and have not sent.
-- Personal data, class: chat; basis: handling of the resident's matter; kept until sent, or a month, or until the case is erased.
CREATE TABLE IF NOT EXISTS draft (
  staff_id bigint NOT NULL REFERENCES staff,
  case_id  bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  kind     text NOT NULL CHECK (kind IN ('answer', 'note')),
  text     text NOT NULL CHECK (text <> ''),
  at       timestamptz NOT NULL,
  PRIMARY KEY (staff_id, case_id, kind)
);
CREATE INDEX IF NOT EXISTS draft_by_case ON draft (case_id);
CREATE INDEX IF NOT EXISTS draft_by_time ON draft (at);
CREATE OR REPLACE FUNCTION drafts_go_with_the_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM draft WHERE case_id = OLD.id;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER drafts_go_with_the_case AFTER UPDATE OF what ON "case"
  FOR EACH ROW EXECUTE FUNCTION drafts_go_with_the_case();
