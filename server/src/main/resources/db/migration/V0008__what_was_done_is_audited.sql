-- Who came in, and who changed what. Secrets are never in it.
-- Personal data, class: staff activity, with the address it came from; basis: the duty to log; kept as the settings say, 36 months by default.
CREATE TABLE audit_entry (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  by_kind    text NOT NULL CHECK (by_kind IN ('staff', 'command_line', 'server', 'nobody')),
  staff_id   bigint REFERENCES staff,
  -- A word of the vocabulary in the code. Not checked here, so that a release may bring new words beside one that does not know them.
  what       text NOT NULL,
  -- The member of staff whom it concerns, where that is not who did it.
  about_id   bigint REFERENCES staff,
  -- What it concerns else: a file, a setting.
  subject    text,
  details    text NOT NULL DEFAULT '{}' CHECK (details IS JSON OBJECT),
  address    text,
  CHECK ((by_kind = 'staff') = (staff_id IS NOT NULL))
);
-- The page: newest first, also of one person or of one kind.
CREATE INDEX audit_by_time ON audit_entry (at, id);
CREATE INDEX audit_by_staff ON audit_entry (staff_id, at, id) WHERE staff_id IS NOT NULL;
CREATE INDEX audit_by_about ON audit_entry (about_id, at, id) WHERE about_id IS NOT NULL;
CREATE INDEX audit_by_what ON audit_entry (what, at, id);

-- Append-only, whoever asks. The one way round is the due work that lets go of what is old enough: it says so in its own transaction,
-- and nothing younger than the half year that the law wants kept goes even then.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
    IF current_setting('linyu.audit_forgets', true) = 'on' AND OLD.at < now() - interval '6 months' THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- The settings at the last start, to tell what has changed since. Of a secret only a keyed digest.
CREATE TABLE setting_seen (
  key    text PRIMARY KEY,
  value  text,
  digest text,
  CHECK ((value IS NULL) <> (digest IS NULL))
);
