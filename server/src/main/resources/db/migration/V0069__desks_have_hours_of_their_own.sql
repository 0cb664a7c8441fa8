-- A desk may work at other hours than the house: what it signs is counted by them, and what residents were promised is not.
--
-- Made while the release before goes on writing, so each statement is a transaction of its own (see the file beside it), and
-- to be made again when it was cut short. The release before knows the hours of the house alone.
CREATE TABLE IF NOT EXISTS desk_hours (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  desk_id       bigint NOT NULL REFERENCES desk,
  -- They hold until the next ones begin.
  valid_from    date NOT NULL,
  -- Of each day, Monday first, such as '08:00–12:00 14:00–24:00'; null: those of the house again.
  week          text[] CHECK (cardinality(week) = 7),
  -- Whether public holidays and the days that make up for them count.
  holidays      boolean NOT NULL,
  reason        text NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
  set_by        bigint NOT NULL REFERENCES staff,
  set_at        timestamptz NOT NULL,
  taken_back_by bigint REFERENCES staff,
  -- Before it began. What began is never gone: clocks name it.
  taken_back_at timestamptz,
  CHECK ((taken_back_by IS NULL) = (taken_back_at IS NULL))
);
COMMENT ON TABLE desk_hours IS 'When desks work that do not when the house does. Of the house; no personal data but who of staff set it.';
-- For the page of a desk, the newest first.
CREATE INDEX IF NOT EXISTS desk_hours_of_desk ON desk_hours (desk_id, id DESC);
