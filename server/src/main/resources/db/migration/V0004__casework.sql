CREATE TABLE category (
  code                 text PRIMARY KEY,
  parent_code          text REFERENCES category,
  name_zh              text NOT NULL,
  name_en              text NOT NULL,
  body                 text REFERENCES body,
  co_bodies            text[] NOT NULL DEFAULT '{}',
  loop                 text CHECK (loop IN ('community', 'street', 'district')),
  first_response_hours int,
  sla_value            int,
  sla_unit             text CHECK (sla_unit IN ('calendar_hour', 'work_hour', 'work_day')),
  urgency              text CHECK (urgency IN ('low', 'normal', 'high', 'critical', 'emergency')),
  keywords             text[] NOT NULL DEFAULT '{}',
  closing_criteria     text,
  open311_public       boolean NOT NULL DEFAULT false
);

-- Category × territory → desk, where it differs from the category's default body. The deepest territory wins.
CREATE TABLE routing_rule (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  category_code text REFERENCES category,
  territory_id  bigint NOT NULL REFERENCES territory,
  desk_id       bigint NOT NULL REFERENCES desk,
  valid         daterange NOT NULL DEFAULT daterange('2000-01-01', NULL),
  EXCLUDE USING gist (coalesce(category_code, '') WITH =, territory_id WITH =, valid WITH &&)
);

-- The limits of the house, and which categories need no person to accept them. A change is a new row: each case keeps the version it was judged by.
CREATE TABLE case_rules (
  version                  int PRIMARY KEY,
  valid_from               timestamptz NOT NULL,
  acceptance               text NOT NULL,
  signing                  text NOT NULL,
  -- Critical matters are signed for day and night.
  signing_critical_minutes int NOT NULL CHECK (signing_critical_minutes > 0),
  checking                 text NOT NULL,
  return_visit             text NOT NULL,
  -- Accepted by rule when the resident confirmed; null: every category.
  whitelist                text[],
  -- Always told in confidence, such as complaints about staff.
  confidential             text[] NOT NULL DEFAULT '{}'
);
INSERT INTO case_rules VALUES (1, '2000-01-01', '2 work_hour', '2 work_hour', 30, '1 work_day', '2 work_day', NULL, '{1205}');

CREATE SEQUENCE case_number START 1001;

-- Personal data, class: chat; basis: handling of the person's own matter; kept 180 days after closing.
CREATE TABLE "case" (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- To be spoken; opens nothing.
  number         text NOT NULL UNIQUE,
  -- To be linked; at least 60 random bits.
  code           text NOT NULL UNIQUE,
  state          text NOT NULL CHECK (state IN (
                   'DRAFT', 'REPORTED', 'VERIFYING', 'FILED', 'DISPATCHED', 'HANDLING', 'SUSPENDED', 'FEEDBACK',
                   'INSPECTING', 'RETURN_VISIT', 'CLOSED', 'ARCHIVED', 'REJECTED', 'MERGED', 'WITHDRAWN', 'HANDED_OFF')),
  level          text NOT NULL CHECK (level IN ('community', 'street', 'district')),
  urgency        text NOT NULL CHECK (urgency IN ('low', 'normal', 'high', 'critical', 'emergency')),
  category_code  text REFERENCES category,
  territory_id   bigint NOT NULL REFERENCES territory,
  territory_path text NOT NULL,
  -- false: nobody has found out yet where it is; the territory is the one that looks after such matters.
  territory_known boolean NOT NULL,
  -- The units of its day: a case stays with them when boundaries move.
  street_id      bigint REFERENCES territory,
  community_id   bigint REFERENCES territory,
  grid_id        bigint REFERENCES territory,
  channel        text NOT NULL,
  person_id      bigint REFERENCES person,
  address_id     bigint REFERENCES address,
  -- false: the resident never confirmed the draft; it was handed over all the same.
  confirmed      boolean NOT NULL,
  -- Seen by the desk that holds it and by those who look after its circle, not by the levels below.
  confidential   boolean NOT NULL DEFAULT false,
  -- In short, for lists.
  title          text NOT NULL,
  what           text NOT NULL,
  place          text,
  -- Goes into the digests of its texts, and is erased with them: then no digest can be guessed back.
  salt           text,
  -- Derived from the holdings, for the lists.
  desk_id        bigint NOT NULL REFERENCES desk,
  staff_id       bigint REFERENCES staff,
  -- Responsible, where it has no people of its own here and the desk holds the case in its place.
  body           text REFERENCES body,
  said_at        timestamptz NOT NULL,
  opened_at      timestamptz NOT NULL,
  -- When the resident last said something about it, and when staff last answered.
  heard_at       timestamptz,
  answered_at    timestamptz,
  closed_at      timestamptz,
  -- The earliest of its open clocks.
  next_due_at    timestamptz,
  next_amber_at  timestamptz,
  version        int NOT NULL DEFAULT 1,
  CHECK ((closed_at IS NULL) = (state IN (
    'DRAFT', 'REPORTED', 'VERIFYING', 'FILED', 'DISPATCHED', 'HANDLING', 'SUSPENDED', 'FEEDBACK', 'INSPECTING', 'RETURN_VISIT'))),
  -- No open case without a running clock.
  CHECK ((closed_at IS NULL) = (next_due_at IS NOT NULL))
);
-- The lists of the inbox, each in its order: what is open by what is due next, what is closed by when it was.
CREATE INDEX case_open_by_desk ON "case" (desk_id, next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_open_by_staff ON "case" (staff_id, next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_open_by_community ON "case" (community_id, next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_open_by_street ON "case" (street_id, next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_open ON "case" (next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_closed_by_desk ON "case" (desk_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_closed_by_community ON "case" (community_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_closed_by_street ON "case" (street_id, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_closed ON "case" (closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX case_by_person ON "case" (person_id, id DESC);
CREATE INDEX case_by_address ON "case" (address_id, id DESC);

ALTER TABLE message ADD FOREIGN KEY (case_id) REFERENCES "case";
ALTER TABLE conversation ADD FOREIGN KEY (case_id) REFERENCES "case";

-- Who had it when. Never two at once.
CREATE TABLE holding (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id  bigint NOT NULL REFERENCES "case",
  desk_id  bigint NOT NULL REFERENCES desk,
  staff_id bigint REFERENCES staff,
  during   tstzrange NOT NULL,
  reason   text,
  CHECK (NOT isempty(during)),
  EXCLUDE USING gist (case_id WITH =, during WITH &&)
);

-- The resident's clocks start once and are never reset.
CREATE TABLE clock (
  case_id      bigint NOT NULL REFERENCES "case",
  kind         text NOT NULL CHECK (kind IN ('acceptance', 'signing', 'first_contact', 'handling', 'check', 'return_visit')),
  started_at   timestamptz NOT NULL,
  -- From here on it is short.
  amber_at     timestamptz NOT NULL,
  due_at       timestamptz NOT NULL,
  stopped_at   timestamptz,
  -- How it was computed, such as '3 work_day by 1f3a90c2': the limit, and the calendar's version.
  rule         text NOT NULL,
  rule_version int NOT NULL,
  PRIMARY KEY (case_id, kind, started_at)
);

-- What staff told the resident. Personal data as the case is.
CREATE TABLE case_answer (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id  bigint NOT NULL REFERENCES "case",
  staff_id bigint NOT NULL REFERENCES staff,
  at       timestamptz NOT NULL,
  text     text NOT NULL
);
CREATE INDEX case_answer_by_case ON case_answer (case_id, id);

CREATE TABLE case_note (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id  bigint NOT NULL REFERENCES "case",
  staff_id bigint NOT NULL REFERENCES staff,
  at       timestamptz NOT NULL,
  text     text NOT NULL
);
CREATE INDEX case_note_by_case ON case_note (case_id, id);

-- Danger to life by wording. Ends only when a named person has acknowledged it.
CREATE TABLE alarm (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id         bigint NOT NULL REFERENCES "case",
  address_id      bigint REFERENCES address,
  territory_id    bigint NOT NULL REFERENCES territory,
  territory_path  text NOT NULL,
  grid_id         bigint REFERENCES territory,
  kind            text NOT NULL,
  rung_at         timestamptz NOT NULL,
  -- How far up the chain it has been carried: 0 community, 1 street, 2 district.
  step            int NOT NULL CHECK (step BETWEEN 0 AND 2),
  -- How often it has rung.
  round           int NOT NULL DEFAULT 1,
  acknowledged_by bigint REFERENCES staff,
  acknowledged_at timestamptz,
  -- When it climbs, or rings once more at the top.
  next_due_at     timestamptz,
  CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)),
  CHECK ((acknowledged_by IS NULL) = (next_due_at IS NOT NULL))
);
CREATE INDEX alarm_open ON alarm (rung_at, id) WHERE acknowledged_at IS NULL;
CREATE INDEX alarm_due ON alarm (next_due_at) WHERE acknowledged_at IS NULL;
CREATE INDEX alarm_by_case ON alarm (case_id, id);

-- Calls to the gateway that rings telephones: one for each time an alarm rings.
CREATE TABLE alarm_call (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alarm_id    bigint NOT NULL REFERENCES alarm,
  step        int NOT NULL,
  round       int NOT NULL,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
  reason      text,
  attempts    int NOT NULL DEFAULT 0,
  next_due_at timestamptz NOT NULL,
  lease_until timestamptz,
  UNIQUE (alarm_id, round)
);
CREATE INDEX alarm_call_due ON alarm_call (next_due_at) WHERE state = 'waiting';
