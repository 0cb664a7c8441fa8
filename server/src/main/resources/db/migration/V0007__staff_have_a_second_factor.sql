-- What somebody proves beside the password: an authenticator that shows changing codes.
-- Personal data, class: credential; basis: the employment; gone when it is turned off or reset.
CREATE TABLE second_factor (
  staff_id      bigint PRIMARY KEY REFERENCES staff,
  secret_sealed bytea NOT NULL,
  -- The step of the last code accepted: none is accepted again, on any node.
  last_step     bigint NOT NULL,
  since         timestamptz NOT NULL
);

-- For whoever has no authenticator at hand. Each works once; the database knows only its stretched hash.
CREATE TABLE recovery_code (
  staff_id bigint NOT NULL REFERENCES second_factor ON DELETE CASCADE,
  hash     bytea NOT NULL,
  used_at  timestamptz,
  PRIMARY KEY (staff_id, hash)
);
