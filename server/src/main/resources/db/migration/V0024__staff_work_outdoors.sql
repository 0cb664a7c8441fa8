-- What staff send from outdoors, and what they look at when they begin their day.

-- What was sent under a key is not done twice: a telephone that lost the network sends it again, and gets the same answer.
-- Personal data, class: staff's work, by ids; basis: keeping what was sent from being done twice; kept a month.
CREATE TABLE case_sending (
  -- Made by the device.
  key      text PRIMARY KEY CHECK (length(key) BETWEEN 16 AND 64),
  staff_id bigint NOT NULL REFERENCES staff,
  case_id  bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  at       timestamptz NOT NULL
);
CREATE INDEX case_sending_by_time ON case_sending (at);
CREATE INDEX case_sending_by_case ON case_sending (case_id);

-- A picture that staff took, with a note. The resident never sees it.
-- Personal data, class: pictures of a place, in which people may be; basis: handling of the resident's matter; kept as long as
-- the note, erased with it.
CREATE TABLE case_photo (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  note_id    bigint NOT NULL REFERENCES case_note ON DELETE CASCADE,
  -- For the outside, in URLs.
  code       text NOT NULL UNIQUE,
  digest     bytea NOT NULL REFERENCES blob,
  -- By the clock of the device.
  taken_at   timestamptz NOT NULL,
  -- Degrees, WGS 84, where whoever took it wanted to say; and how exact that is, in metres.
  latitude   double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude  double precision CHECK (longitude BETWEEN -180 AND 180),
  accuracy   int CHECK (accuracy >= 0),
  CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX case_photo_by_case ON case_photo (case_id, id);
CREATE INDEX case_photo_by_note ON case_photo (note_id);
CREATE INDEX case_photo_by_digest ON case_photo (digest);

-- When a member of staff looked at their day, and when they had before: what came in between is new.
-- Personal data, class: staff's work; kept as long as they work here.
CREATE TABLE day_seen (
  staff_id bigint PRIMARY KEY REFERENCES staff,
  seen_at  timestamptz NOT NULL,
  before   timestamptz
);
