-- Made while the release before goes on writing: each statement is a transaction of its own (see the file beside it) and takes
-- one table that turns write, so that neither waits for the other in a circle. To be made again when it was cut short.

-- Leave to send notices, which people give with a tap and take back.
-- Personal data, class: consent; basis: the consent itself; erased when the person leaves.
CREATE TABLE IF NOT EXISTS subscription (
  address_id bigint NOT NULL REFERENCES address,
  -- The platform's id of the notice.
  template   text NOT NULL,
  -- How many may still be sent; without number when leave holds until it is taken back.
  left_over  int CHECK (left_over >= 0),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (address_id, template)
);

-- What a message tells when it goes by a rung that takes fields instead of free words.
-- Personal data, class: chat; basis and end as of the message.
CREATE TABLE IF NOT EXISTS outbound_notice (
  outbound_id bigint PRIMARY KEY REFERENCES outbound,
  case_id     bigint NOT NULL,
  notice      jsonb NOT NULL,
  -- The end of the matter, for which the last push is kept.
  last        boolean NOT NULL,
  -- Rungs that the platform refused for it.
  given_up    text[] NOT NULL DEFAULT '{}',
  -- The rung by which it is under way or went, and the platform's id of it.
  rung        text CHECK (rung IN ('subscribe_notice', 'template')),
  platform_id text
);
ALTER TABLE outbound_notice DROP CONSTRAINT IF EXISTS outbound_notice_case_id_fkey;
ALTER TABLE outbound_notice ADD CONSTRAINT outbound_notice_case_id_fkey FOREIGN KEY (case_id) REFERENCES "case";
CREATE INDEX IF NOT EXISTS outbound_notice_by_case ON outbound_notice (case_id) WHERE rung IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbound_notice_by_platform_id ON outbound_notice (platform_id) WHERE platform_id IS NOT NULL;

ALTER TABLE outbound DROP CONSTRAINT IF EXISTS outbound_way_check,
  ADD CONSTRAINT outbound_way_check
    CHECK (way IN ('passive', 'customer_service', 'subscribe_notice', 'template', 'inbox')) NOT VALID;
