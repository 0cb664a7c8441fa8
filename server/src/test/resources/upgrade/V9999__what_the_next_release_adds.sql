-- As the next release may do it: columns are added, with a default where they must not be empty.
ALTER TABLE "case" ADD COLUMN mood text NOT NULL DEFAULT 'calm';
ALTER TABLE address ADD COLUMN last_seen_at timestamptz;
ALTER TABLE conversation ADD COLUMN mood text NOT NULL DEFAULT 'calm';
ALTER TABLE message ADD COLUMN mood text;
ALTER TABLE outbound ADD COLUMN mood text;
ALTER TABLE receipt ADD COLUMN node text;
ALTER TABLE staff ADD COLUMN nickname text;
CREATE TABLE praise (case_id bigint PRIMARY KEY REFERENCES "case", words text NOT NULL);
