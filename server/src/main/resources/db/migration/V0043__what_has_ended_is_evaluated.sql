-- Every case that ends leaves a record of how it went, from which figures are counted.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CREATE TABLE IF NOT EXISTS case_evaluation (
  case_id          bigint NOT NULL,
  -- 1 for the first end; what the resident says later, and what is opened again, makes another. The highest counts.
  version          int NOT NULL CHECK (version > 0),
  -- That made it; told twice, it makes one record.
  event_id         bigint NOT NULL,
  at               timestamptz NOT NULL,
  -- How it ended; open: it had ended, and does not count as ended any more.
  ended            text NOT NULL CHECK (ended IN ('open', 'closed', 'rejected', 'withdrawn', 'merged', 'handed_off')),
  ended_at         timestamptz,
  category_code    text,
  channel          text NOT NULL,
  -- Where it lay, by the boundaries of the day on which it ended.
  territory_id     bigint NOT NULL REFERENCES territory,
  territory_path   text NOT NULL,
  street_id        bigint REFERENCES territory,
  community_id     bigint REFERENCES territory,
  -- Who led: the desk that said it was done, else the one that had it.
  desk_id          bigint NOT NULL REFERENCES desk,
  body             text,
  level            text CHECK (level IN ('district', 'street', 'community')),
  said_at          timestamptz NOT NULL,
  filed_at         timestamptz,
  due_at           timestamptz,
  result_at        timestamptz,
  working_minutes  bigint CHECK (working_minutes >= 0),
  calendar_minutes bigint CHECK (calendar_minutes >= 0),
  -- In time; null: nothing of the kind was to be done.
  decided_in_time  boolean,
  contact_in_time  boolean,
  result_in_time   boolean,
  closed_in_time   boolean,
  dispatches       int NOT NULL,
  signed_in_time   int NOT NULL,
  checks           int NOT NULL,
  checks_in_time   int NOT NULL,
  checks_overturned int NOT NULL,
  reworks          int NOT NULL,
  returns          int NOT NULL,
  transfers        int NOT NULL,
  extensions       int NOT NULL,
  suspensions      int NOT NULL,
  ended_suspended  boolean NOT NULL,
  urges            int NOT NULL,
  supervised       boolean NOT NULL,
  escalated        boolean NOT NULL,
  repeated         boolean NOT NULL,
  -- The return visit that counts; null: there was none, or they did not say.
  visit            text CHECK (visit IN ('answered', 'no_answer', 'unreachable', 'overruled', 'reopened')),
  solved           text CHECK (solved IN ('yes', 'partly', 'no')),
  satisfied        text CHECK (satisfied IN ('satisfied', 'basically', 'fair', 'dissatisfied')),
  contacted        boolean,
  PRIMARY KEY (case_id, version),
  UNIQUE (event_id),
  CHECK ((ended = 'open') = (ended_at IS NULL))
);
COMMENT ON TABLE case_evaluation IS
  'How a case went, for figures; cases by their ids alone, no words and nobody''s name. Basis: public duty, assessment of the work. Retention: as the events it is counted from.';
CALL do_giving_way('ALTER TABLE case_evaluation DROP CONSTRAINT IF EXISTS case_evaluation_case_id_fkey,
                                                ADD CONSTRAINT case_evaluation_case_id_fkey FOREIGN KEY (case_id) REFERENCES "case"');
CALL do_giving_way('ALTER TABLE case_evaluation DROP CONSTRAINT IF EXISTS case_evaluation_event_id_fkey,
                                                ADD CONSTRAINT case_evaluation_event_id_fkey FOREIGN KEY (event_id) REFERENCES event');
-- Figures are read by where and when.
CREATE INDEX IF NOT EXISTS case_evaluation_by_end ON case_evaluation (ended_at, case_id) WHERE ended_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS case_evaluation_of_street ON case_evaluation (street_id, ended_at, case_id) WHERE ended_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS case_evaluation_of_community ON case_evaluation (community_id, ended_at, case_id) WHERE ended_at IS NOT NULL;

-- Immutable, whoever asks: what changes is a version of its own.
CREATE OR REPLACE FUNCTION case_evaluation_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'evaluations are never changed: a new version says what is different';
END $$;
DROP TRIGGER IF EXISTS case_evaluation_immutable ON case_evaluation;
CREATE TRIGGER case_evaluation_immutable BEFORE UPDATE OR DELETE ON case_evaluation
  FOR EACH STATEMENT EXECUTE FUNCTION case_evaluation_is_immutable();
