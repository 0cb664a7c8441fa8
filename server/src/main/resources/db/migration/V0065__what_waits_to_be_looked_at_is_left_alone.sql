-- A case that waits already for whoever acts by rule is not written down again at each further step.
--
-- Whoever sets when it is looked at next holds the case's row, as whoever has just changed the case does: so what waits here waits
-- until this is over.
CREATE OR REPLACE FUNCTION rules_look_at_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rule_watch WHERE case_id = new.id AND next_due_at = '-infinity') THEN
    INSERT INTO rule_watch (case_id, next_due_at) VALUES (new.id, '-infinity')
        ON CONFLICT (case_id) DO UPDATE SET next_due_at = excluded.next_due_at;
  END IF;
  RETURN NULL;
END $$;
