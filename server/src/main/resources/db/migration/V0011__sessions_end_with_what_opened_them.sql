-- How often somebody's password or second factor has changed. A session knows the number it began with, and ends when it is another.
ALTER TABLE staff ADD COLUMN credential_version int NOT NULL DEFAULT 0;
