-- What waited for a contact is put in front of a reply. It is delivered when that reply was heard, not when it was decided.
-- The external id of the message whose reply shows it.
ALTER TABLE outbound ADD COLUMN carried_by text;
CREATE INDEX outbound_carried ON outbound (address_id, carried_by) WHERE carried_by IS NOT NULL;
-- So many characters at the beginning of the reply had waited.
ALTER TABLE receipt ADD COLUMN carried int NOT NULL DEFAULT 0 CHECK (carried >= 0);
