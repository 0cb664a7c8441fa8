-- Staff take down what somebody told them by telephone, at home, on a slip, at a reception or a talk.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short.
CALL do_giving_way('ALTER TABLE "case" ADD COLUMN IF NOT EXISTS entered_by bigint');
COMMENT ON COLUMN "case".entered_by IS 'Of staff: who took it down for whoever told it, and never checks it; null: it was told in a chat.';
CALL do_giving_way('ALTER TABLE "case" DROP CONSTRAINT IF EXISTS case_entered_by_fkey,
                                       ADD CONSTRAINT case_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES staff NOT VALID');
ALTER TABLE "case" VALIDATE CONSTRAINT case_entered_by_fkey;

-- The code on a slip of paper by which somebody without any telephone follows their matter. A new one takes the place of the
-- old, and so does the address of the page that it opens.
CREATE TABLE IF NOT EXISTS slip_code (
  case_id   bigint PRIMARY KEY REFERENCES "case" ON DELETE CASCADE,
  -- Keyed; the code itself is on the paper alone.
  code_hash bytea NOT NULL UNIQUE,
  page_code text NOT NULL UNIQUE,
  drawn_by  bigint NOT NULL REFERENCES staff,
  drawn_at  timestamptz NOT NULL
);
COMMENT ON TABLE slip_code IS
  'Personal data. Class: what opens the page of a resident''s matter. Basis: public duty. Retention: as the case; erased with the person.';
