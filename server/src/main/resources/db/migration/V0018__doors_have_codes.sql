-- What the platform gave for a code with a scene, such as that on a building's door. Permanent codes are few: each is asked for
-- once.
CREATE TABLE scene_code (
  channel text NOT NULL,
  account text NOT NULL,
  scene   text NOT NULL,
  -- What the code says.
  url     text NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (channel, account, scene)
);
