-- A complaint about neighbours may be about somebody who works here and lives there. Once a colleague has said so, that person sees
-- nothing of it. A table of its own, since "case" gets no further index; nearly always it has nothing of whoever asks.
CREATE TABLE IF NOT EXISTS kept_from (
  staff_id bigint NOT NULL REFERENCES staff,
  case_id  bigint NOT NULL REFERENCES "case" ON DELETE CASCADE,
  PRIMARY KEY (staff_id, case_id)
);
CREATE INDEX IF NOT EXISTS kept_from_case ON kept_from (case_id);
COMMENT ON TABLE kept_from IS 'From whom of staff a case is kept, since they are the neighbour it is about. Retention: as the cases.';
