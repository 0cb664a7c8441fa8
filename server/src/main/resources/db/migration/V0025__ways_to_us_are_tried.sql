-- Every few minutes each account is tried from outside: a message in, as the platform would bring it, and a question out. The
-- messages themselves are nobody's and are taken back in their own transaction. No personal data.

CREATE TABLE IF NOT EXISTS probe (
  channel     text NOT NULL,
  account     text NOT NULL,
  next_due_at timestamptz NOT NULL,
  -- The last try. While it runs, next_due_at is its lease, and this tells it from one that comes after.
  begun_at    timestamptz,
  ended_at    timestamptz,
  PRIMARY KEY (channel, account)
);

-- How each direction was when it was tried last.
CREATE TABLE IF NOT EXISTS probe_way (
  channel       text NOT NULL,
  account       text NOT NULL,
  way           text NOT NULL CHECK (way IN ('in', 'out')),
  tried_at      timestamptz NOT NULL,
  took_ms       int NOT NULL,
  -- In a row, until now, and since when.
  failures      int NOT NULL,
  failing_since timestamptz,
  worked_at     timestamptz,
  -- The last failure, also when it is over.
  failed_at     timestamptz,
  why           text,
  detail        text NOT NULL,
  PRIMARY KEY (channel, account, way),
  FOREIGN KEY (channel, account) REFERENCES probe ON DELETE CASCADE
);

-- All tries of the last day; older ones go with each new one.
CREATE TABLE IF NOT EXISTS probe_try (
  channel text NOT NULL,
  account text NOT NULL,
  at      timestamptz NOT NULL,
  in_ms   int NOT NULL,
  in_why  text,
  out_ms  int NOT NULL,
  out_why text,
  PRIMARY KEY (channel, account, at),
  FOREIGN KEY (channel, account) REFERENCES probe ON DELETE CASCADE
);
