-- Leave to send notices, which people give with a tap and take back.
-- Personal data, class: consent; basis: the consent itself; erased when the person leaves.
CREATE TABLE subscription (
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
CREATE TABLE outbound_notice (
  outbound_id bigint PRIMARY KEY REFERENCES outbound,
  case_id     bigint NOT NULL REFERENCES "case",
  notice      jsonb NOT NULL,
  -- The end of the matter, for which the last push is kept.
  last        boolean NOT NULL,
  -- Rungs that the platform refused for it.
  given_up    text[] NOT NULL DEFAULT '{}',
  -- The rung by which it is under way or went, and the platform's id of it.
  rung        text CHECK (rung IN ('subscribe_notice', 'template')),
  platform_id text
);
CREATE INDEX outbound_notice_by_case ON outbound_notice (case_id) WHERE rung IS NOT NULL;
CREATE INDEX outbound_notice_by_platform_id ON outbound_notice (platform_id) WHERE platform_id IS NOT NULL;

ALTER TABLE outbound DROP CONSTRAINT outbound_way_check;
ALTER TABLE outbound ADD CONSTRAINT outbound_way_check
  CHECK (way IN ('passive', 'customer_service', 'subscribe_notice', 'template', 'inbox')) NOT VALID;
