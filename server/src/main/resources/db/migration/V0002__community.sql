CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Every node holds territory and desks in memory and looks here whether they have changed.
CREATE TABLE community_version (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL DEFAULT 0
);
INSERT INTO community_version DEFAULT VALUES;

-- The five levels, and the grid cells as a second division of a community.
CREATE TABLE territory (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL CHECK (code <> ''),
  level      text NOT NULL CHECK (level IN ('district', 'street', 'community', 'group', 'building', 'grid')),
  kind       text,
  name       text NOT NULL CHECK (name <> ''),
  -- What residents call the estate or courtyard that a group or building belongs to, when it has a name of its own.
  estate     text,
  parent_id  bigint REFERENCES territory,
  grid_id    bigint REFERENCES territory,
  -- Ids from the root down to this node, '/1/14/203/': a subtree is a prefix.
  path       text NOT NULL,
  households int,
  population int,
  latitude   double precision,
  longitude  double precision,
  phone      text,
  duty_phone text,
  valid      daterange NOT NULL DEFAULT daterange('2000-01-01', NULL),
  EXCLUDE USING gist (code WITH =, valid WITH &&)
);
CREATE INDEX territory_by_path ON territory (path text_pattern_ops);
CREATE INDEX territory_by_parent ON territory (parent_id);

-- What a node was called and where it lay, until it was changed.
CREATE TABLE territory_was (
  territory_id bigint NOT NULL REFERENCES territory,
  until        timestamptz NOT NULL,
  code         text NOT NULL,
  name         text NOT NULL,
  estate       text,
  parent_id    bigint REFERENCES territory,
  PRIMARY KEY (territory_id, until)
);

-- Personal data, class: contact; basis: handling of the person's own matter; kept until the person leaves and no case is open.
-- Phone and name are sealed with a versioned key; phone_hash is keyed and finds them again.
CREATE TABLE person (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  language     text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
  -- What staff call the person in lists, such as 王阿姨; never the real name.
  called       text,
  name_sealed  bytea,
  phone_sealed bytea,
  phone_hash   bytea,
  home_id      bigint REFERENCES territory,
  home_asked   timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX person_by_phone ON person (phone_hash) WHERE phone_hash IS NOT NULL;

-- Personal data, class: identifier; basis: the person wrote to us; erased when the person unfollows.
CREATE TABLE address (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel     text NOT NULL CHECK (channel IN ('wechat', 'qq', 'onebot', 'web')),
  account     text NOT NULL,
  external_id text NOT NULL,
  person_id   bigint NOT NULL REFERENCES person,
  -- For the person's own pages: opens their inbox, says nothing else.
  code        text NOT NULL UNIQUE,
  follows     boolean NOT NULL DEFAULT true,
  -- Set when the person leaves: from then on the external id is replaced by a digest. Until then a
  -- repeated delivery of the leaving still finds its receipt.
  forget_at   timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (channel, account, external_id)
);
CREATE INDEX address_to_forget ON address (forget_at) WHERE forget_at IS NOT NULL;
CREATE INDEX address_by_person ON address (person_id);

-- Personal data, class: staff contact; basis: the employment; kept while anything names them. Those who left are
-- not active.
CREATE TABLE staff (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code          text NOT NULL UNIQUE,
  name          text NOT NULL,
  role          text NOT NULL,
  territory_id  bigint NOT NULL REFERENCES territory,
  employment    text NOT NULL CHECK (employment IN ('full_time', 'part_time', 'volunteer')),
  phone_sealed  bytea,
  phone_hash    bytea,
  -- Null: may not sign in yet.
  password_hash text,
  language      text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
  active        boolean NOT NULL DEFAULT true
);
CREATE INDEX staff_by_territory ON staff (territory_id);
CREATE INDEX staff_by_phone ON staff (phone_hash) WHERE phone_hash IS NOT NULL;

CREATE TABLE desk (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The handling body in the catalogue, such as D07; a community or street body exists once in each community or street.
  body         text NOT NULL,
  name         text NOT NULL,
  territory_id bigint NOT NULL REFERENCES territory,
  kind         text NOT NULL CHECK (kind IN ('desk', 'partner', 'volunteer_body', 'emergency_line')),
  -- Takes what no rule names, at its level.
  fallback     boolean NOT NULL DEFAULT false,
  UNIQUE (body, territory_id)
);
CREATE INDEX desk_by_territory ON desk (territory_id);
CREATE UNIQUE INDEX desk_fallback ON desk (territory_id) WHERE fallback;

CREATE TABLE desk_member (
  desk_id  bigint NOT NULL REFERENCES desk,
  staff_id bigint NOT NULL REFERENCES staff,
  PRIMARY KEY (desk_id, staff_id)
);
CREATE INDEX desk_member_by_staff ON desk_member (staff_id);

-- The bodies of the catalogue with their other names: what categories and routing rules refer to.
CREATE TABLE body (
  code           text PRIMARY KEY,
  name           text NOT NULL,
  level          text NOT NULL CHECK (level IN ('district', 'street', 'community', 'external')),
  kind           text NOT NULL CHECK (kind IN ('desk', 'partner', 'volunteer_body', 'emergency_line')),
  also_called    text[] NOT NULL DEFAULT '{}',
  fallback       boolean NOT NULL DEFAULT false
);

CREATE TABLE holiday (
  day    date PRIMARY KEY,
  kind   text NOT NULL CHECK (kind IN ('off', 'work')),
  name   text NOT NULL,
  source text NOT NULL
);
