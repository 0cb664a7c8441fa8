-- Where a member of staff is reached in a chat: shown by a code that the console gave. Rights are looked up each time and
-- never kept here.
-- Personal data, class: staff contact; basis: the employment, by the person's own deed; ends when either side unbinds.
CREATE TABLE IF NOT EXISTS staff_address (
  staff_id   bigint PRIMARY KEY REFERENCES staff,
  address_id bigint NOT NULL UNIQUE REFERENCES address,
  bound_at   timestamptz NOT NULL
);

-- Codes that wait to be said in a chat, by keyed hash. Deleted when used, or an hour after their time.
CREATE TABLE IF NOT EXISTS staff_code (
  hash       bytea PRIMARY KEY,
  staff_id   bigint NOT NULL UNIQUE REFERENCES staff,
  expires_at timestamptz NOT NULL
);

-- Who of a desk is called first, and who stands in. Whoever is not named comes after; without a place, is not called at all.
CREATE TABLE IF NOT EXISTS desk_order (
  desk_id  bigint NOT NULL REFERENCES desk,
  staff_id bigint NOT NULL REFERENCES staff,
  place    int,
  PRIMARY KEY (desk_id, staff_id)
);

-- Open cases to be looked at, whether somebody has to be called.
CREATE TABLE IF NOT EXISTS errand_watch (
  case_id     bigint PRIMARY KEY REFERENCES "case",
  next_due_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS errand_watch_due ON errand_watch (next_due_at);

-- What one member of staff is to know of, or a desk has to telephone about. No words of a resident are here.
CREATE TABLE IF NOT EXISTS errand (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id         bigint NOT NULL REFERENCES "case",
  alarm_id        bigint REFERENCES alarm,
  desk_id         bigint NOT NULL REFERENCES desk,
  why             text NOT NULL CHECK (why IN ('new', 'soon', 'overdue', 'alarm')),
  -- Which time: since when nobody had it, or when it was due.
  occasion        timestamptz NOT NULL,
  -- How many were called before.
  step            int NOT NULL,
  -- Null: nobody answered, and the desk has to telephone.
  staff_id        bigint REFERENCES staff,
  -- By which the member of staff names it.
  number          int,
  state           text NOT NULL CHECK (state IN ('waiting', 'told', 'passed', 'phone', 'acknowledged', 'settled')),
  created_at      timestamptz NOT NULL,
  told_at         timestamptz,
  -- When it is to be told, or passes on.
  next_due_at     timestamptz,
  acknowledged_by bigint REFERENCES staff,
  -- Who was reached, where somebody else says so.
  reached_id      bigint REFERENCES staff,
  ended_at        timestamptz,
  CHECK ((next_due_at IS NOT NULL) = (state IN ('waiting', 'told')))
);
CREATE UNIQUE INDEX IF NOT EXISTS errand_once ON errand (case_id, why, occasion, coalesce(staff_id, 0));
CREATE INDEX IF NOT EXISTS errand_due ON errand (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS errand_of_staff ON errand (staff_id, told_at) WHERE staff_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS errand_to_telephone ON errand (desk_id, id) WHERE state = 'phone';
CREATE INDEX IF NOT EXISTS errand_of_alarm ON errand (alarm_id) WHERE alarm_id IS NOT NULL;

-- What a member of staff was asked back in a chat, until it is answered.
-- Personal data, class: chat; basis: handling of the matter; for ten minutes.
CREATE TABLE IF NOT EXISTS staff_question (
  address_id bigint PRIMARY KEY REFERENCES address,
  staff_id   bigint NOT NULL REFERENCES staff,
  kind       text NOT NULL CHECK (kind IN ('close', 'picture')),
  errand_id  bigint REFERENCES errand,
  version    int,
  text       text,
  -- Pictures of which it is not known yet what they are of.
  message_ids bigint[] NOT NULL DEFAULT '{}',
  expires_at timestamptz NOT NULL
);

-- Pictures that a member of staff sent for a note from a chat.
ALTER TABLE case_note ADD COLUMN IF NOT EXISTS message_ids bigint[];
