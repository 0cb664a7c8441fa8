-- Facts of all rooms. `body` is text, not jsonb: the chain hashes exactly these bytes.
CREATE TABLE event (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid     xid8 NOT NULL DEFAULT pg_current_xact_id(),
  room    text NOT NULL,
  subject bigint NOT NULL,
  at      timestamptz NOT NULL,
  body    text NOT NULL CHECK (body IS JSON OBJECT),
  seq     int,
  hash    bytea,
  CHECK ((seq IS NULL) = (hash IS NULL))
);
-- Listeners read by room in the order of transactions, and stop at the oldest one still open.
CREATE INDEX event_by_listener ON event (room, xid, id);
CREATE INDEX event_by_subject ON event (room, subject, id);
-- A chain has no fork: two writers of the same place cannot both commit.
CREATE UNIQUE INDEX event_chain ON event (room, subject, seq) WHERE seq IS NOT NULL;

-- The events of a day, for its root.
CREATE INDEX event_by_time ON event (at) WHERE seq IS NOT NULL;

-- Append-only, whoever asks.
CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();

-- One root a day over the last link of every chain that grew that day.
CREATE TABLE event_root (
  day    date PRIMARY KEY,
  chains int NOT NULL,
  root   bytea NOT NULL,
  at     timestamptz NOT NULL
);

-- What a listener could not hear. After some tries it is parked, so that one bad event does not silence a listener for ever.
CREATE TABLE event_trouble (
  listener text NOT NULL,
  event    bigint NOT NULL REFERENCES event,
  attempts int NOT NULL,
  reason   text NOT NULL,
  last_at  timestamptz NOT NULL,
  parked   boolean NOT NULL DEFAULT false,
  PRIMARY KEY (listener, event)
);
CREATE INDEX event_parked ON event_trouble (listener) WHERE parked;

CREATE TABLE event_cursor (
  listener   text PRIMARY KEY,
  last_xid   xid8 NOT NULL DEFAULT '0',
  last_event bigint NOT NULL DEFAULT 0
);
