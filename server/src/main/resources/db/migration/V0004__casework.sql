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

CREATE SEQUENCE case_number START 1001;

CREATE TABLE "case" (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- To be spoken; opens nothing.
  number         text NOT NULL UNIQUE,
  -- To be linked; at least 60 random bits.
  code           text NOT NULL UNIQUE,
  state          text NOT NULL,
  level          text NOT NULL CHECK (level IN ('community', 'street', 'district')),
  urgency        text NOT NULL CHECK (urgency IN ('low', 'normal', 'high', 'critical', 'emergency')),
  category_code  text REFERENCES category,
  territory_id   bigint NOT NULL REFERENCES territory,
  territory_path text NOT NULL,
  person_id      bigint REFERENCES person,
  address_id     bigint REFERENCES address,
  -- false: the resident never confirmed the draft; it was handed over all the same.
  confirmed      boolean NOT NULL,
  -- In short, for lists. Personal data as the chat is.
  title          text NOT NULL,
  what           text NOT NULL,
  place          text,
  -- Derived from the holdings, for the lists.
  desk_id        bigint NOT NULL REFERENCES desk,
  staff_id       bigint REFERENCES staff,
  said_at        timestamptz NOT NULL,
  opened_at      timestamptz NOT NULL,
  closed_at      timestamptz,
  -- The earliest of its open clocks.
  next_due_at    timestamptz,
  version        int NOT NULL DEFAULT 1
);
CREATE INDEX case_by_desk ON "case" (desk_id, next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_by_staff ON "case" (staff_id, next_due_at, id) WHERE closed_at IS NULL;
CREATE INDEX case_by_territory ON "case" (territory_path text_pattern_ops, id);
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
  EXCLUDE USING gist (case_id WITH =, during WITH &&)
);

-- The resident's clocks start once and are never reset.
CREATE TABLE clock (
  case_id      bigint NOT NULL REFERENCES "case",
  kind         text NOT NULL CHECK (kind IN ('acceptance', 'signing', 'first_contact', 'handling', 'check', 'return_visit')),
  started_at   timestamptz NOT NULL,
  due_at       timestamptz NOT NULL,
  stopped_at   timestamptz,
  -- How it was computed, such as '3 work_day'; with the calendar's version.
  rule         text NOT NULL,
  rule_version int NOT NULL,
  PRIMARY KEY (case_id, kind, started_at)
);

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
  kind            text NOT NULL,
  rung_at         timestamptz NOT NULL,
  -- How far up the chain it has been carried: community, street, district.
  step            int NOT NULL DEFAULT 0,
  acknowledged_by bigint REFERENCES staff,
  acknowledged_at timestamptz,
  next_due_at     timestamptz,
  lease_until     timestamptz,
  CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL))
);
CREATE INDEX alarm_open ON alarm (rung_at) WHERE acknowledged_at IS NULL;
CREATE INDEX alarm_due ON alarm (next_due_at) WHERE acknowledged_at IS NULL;
