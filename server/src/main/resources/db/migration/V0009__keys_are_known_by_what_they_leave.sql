-- With which keys something here may be sealed. Never the keys: a server that was given a wrong one is told so at the start.
CREATE TABLE secret_key (
  -- The first byte of what it has sealed.
  version     int PRIMARY KEY CHECK (version BETWEEN 1 AND 255),
  -- Derived from the key, and of no use without it.
  fingerprint text NOT NULL UNIQUE,
  since       timestamptz NOT NULL,
  -- From then on nothing is sealed with it, and it may be gone.
  retired_at  timestamptz
);
