-- The running exchange with one address. Its row lock puts one person's messages in order, on any number of nodes.
CREATE TABLE conversation (
  address_id   bigint PRIMARY KEY REFERENCES address,
  state        jsonb NOT NULL DEFAULT '{}',
  -- Who has it: the bot, or a person.
  held_by      text NOT NULL DEFAULT 'bot' CHECK (held_by IN ('bot', 'person')),
  -- The platform's window for messages of our own: how many are left, until when.
  quota_left   int NOT NULL DEFAULT 0 CHECK (quota_left >= 0),
  quota_until  timestamptz NOT NULL DEFAULT '2000-01-01Z',
  -- Something for this person waits for the next contact.
  waiting      boolean NOT NULL DEFAULT false,
  -- What a person who has the conversation is talking about.
  case_id      bigint,
  last_heard   timestamptz,
  -- When the bot wants to be woken if nobody says anything.
  next_due_at  timestamptz,
  lease_until  timestamptz
);
CREATE INDEX conversation_due ON conversation (next_due_at) WHERE next_due_at IS NOT NULL;

-- One row for each message acknowledged, with the reply that every repeated delivery gets again.
CREATE TABLE receipt (
  address_id  bigint NOT NULL REFERENCES address,
  external_id text NOT NULL,
  received_at timestamptz NOT NULL,
  reply       text,
  PRIMARY KEY (address_id, external_id)
);
-- For the audit, newest first.
CREATE INDEX receipt_by_time ON receipt (received_at);

CREATE VIEW inbound_receipt AS
  SELECT a.channel, a.account, a.external_id AS address, r.external_id, r.received_at
    FROM receipt r JOIN address a ON a.id = r.address_id;

-- Personal data, class: chat; basis: handling of the person's own matter; kept 180 days after the last case is closed.
-- Ids are drawn before the rows are written: the bot names a message in the turn that writes it.
CREATE SEQUENCE message_id;
CREATE TABLE message (
  id         bigint PRIMARY KEY DEFAULT nextval('message_id'),
  address_id bigint NOT NULL REFERENCES address,
  at         timestamptz NOT NULL,
  -- Who said it: the resident, the bot, a member of staff, or the system in its own name.
  said_by    text NOT NULL CHECK (said_by IN ('resident', 'bot', 'staff', 'system')),
  staff_id   bigint REFERENCES staff,
  -- What it is about, when that is known.
  case_id    bigint,
  content    jsonb NOT NULL
);
CREATE INDEX message_by_conversation ON message (address_id, id);
CREATE INDEX message_by_case ON message (case_id, id) WHERE case_id IS NOT NULL;

-- What goes out by itself, not as a reply: the table is the queue.
CREATE TABLE outbound (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_key text NOT NULL UNIQUE,
  address_id  bigint NOT NULL REFERENCES address,
  message_id  bigint REFERENCES message,
  text        text NOT NULL,
  -- queued: waits for a sender. sending: claimed, has a lease. waiting: no way is open, shown at the next contact.
  state       text NOT NULL DEFAULT 'queued'
              CHECK (state IN ('queued', 'sending', 'waiting', 'delivered', 'failed', 'unknown')),
  -- The rung of the answer ladder it went by.
  way         text CHECK (way IN ('passive', 'customer_service', 'inbox')),
  reason      text,
  attempts    int NOT NULL DEFAULT 0,
  next_due_at timestamptz,
  lease_until timestamptz,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL
);
CREATE INDEX outbound_by_message ON outbound (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbound_due ON outbound (next_due_at, id) WHERE state = 'queued';
CREATE INDEX outbound_leased ON outbound (lease_until) WHERE state = 'sending';
CREATE INDEX outbound_by_address ON outbound (address_id, id) WHERE state IN ('queued', 'sending', 'waiting');

CREATE VIEW outbound_delivery AS
  SELECT a.channel, a.account, a.external_id AS address, o.message_key, o.state, o.attempts, o.updated_at
    FROM outbound o JOIN address a ON a.id = o.address_id;

-- Attachments by the digest of their content, in chunks.
CREATE TABLE blob (
  digest bytea PRIMARY KEY CHECK (length(digest) = 32),
  type   text NOT NULL,
  bytes  bigint NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE blob_chunk (
  digest bytea NOT NULL REFERENCES blob ON DELETE CASCADE,
  seq    int NOT NULL,
  bytes  bytea NOT NULL,
  PRIMARY KEY (digest, seq)
);

-- A picture or a sound that came with a message. The platform keeps it three days: it is fetched at once.
CREATE TABLE attachment (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id  bigint NOT NULL REFERENCES message,
  address_id  bigint NOT NULL REFERENCES address,
  kind        text NOT NULL CHECK (kind IN ('image', 'voice')),
  media_id    text NOT NULL,
  -- For the outside, in URLs.
  code        text NOT NULL UNIQUE,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'fetched', 'failed')),
  digest      bytea REFERENCES blob,
  reason      text,
  attempts    int NOT NULL DEFAULT 0,
  next_due_at timestamptz,
  lease_until timestamptz,
  CHECK ((state = 'fetched') = (digest IS NOT NULL))
);
CREATE INDEX attachment_due ON attachment (next_due_at, id) WHERE state = 'waiting';
CREATE INDEX attachment_by_message ON attachment (message_id);

-- A voice without recognition queues to be heard, under its own clock.
CREATE TABLE hearing (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address_id    bigint NOT NULL REFERENCES address,
  message_id    bigint NOT NULL UNIQUE REFERENCES message,
  attachment_id bigint NOT NULL REFERENCES attachment,
  desk_id       bigint NOT NULL REFERENCES desk,
  said_at       timestamptz NOT NULL,
  due_at        timestamptz NOT NULL,
  heard_by      bigint REFERENCES staff,
  heard_at      timestamptz,
  transcript    text,
  CHECK ((heard_by IS NULL) = (heard_at IS NULL))
);
CREATE INDEX hearing_open ON hearing (desk_id, due_at, id) WHERE heard_at IS NULL;
CREATE INDEX hearing_of_address ON hearing (address_id, id) WHERE heard_at IS NULL;
