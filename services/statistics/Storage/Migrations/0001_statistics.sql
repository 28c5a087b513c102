-- One row per consignment: the latest verdict, the latest decision and the release. What it adds to the counters
-- follows from this row alone, so that a later revision or decision can take the old contribution back.
CREATE TABLE fact (
  platform_code   text        NOT NULL CHECK (length(platform_code) <= 60),
  order_no        text        NOT NULL CHECK (length(order_no) <= 60),
  revision        integer,                     -- of the verdict
  state           smallint    CHECK (state BETWEEN 0 AND 3),   -- waiting, matched, mismatched, ambiguous
  judged_hour     timestamptz,                 -- start of the hour, as all hours here
  decision        integer,                     -- number of the decision
  status          integer,                     -- returnStatus
  decided_hour    timestamptz,
  release         integer,                     -- the decision that released: the latest 800, else the latest 899
  release_status  integer     CHECK (release_status IN (800, 899)),
  release_hour    timestamptz,
  mode            text,                        -- supervision mode at release
  lines           bytea,                       -- JSON: lines, value and tax at release by country and HS chapter
  PRIMARY KEY (platform_code, order_no),
  CHECK (num_nonnulls(revision, state, judged_hour) IN (0, 3)),
  CHECK (num_nonnulls(decision, status, decided_hour) IN (0, 3)),
  CHECK (num_nonnulls(release, release_status, release_hour, mode, lines) IN (0, 5)),
  CHECK (release IS NULL OR release <= decision)
) WITH (fillfactor = 70);                      -- a row is filled in two or three steps, on its own page

-- Counters by hour. What they hold is the sum over fact, always: both change in one transaction.
CREATE TABLE tally (
  dimension    smallint      NOT NULL CHECK (dimension BETWEEN 0 AND 4),  -- all, mode, country, chapter, state
  hour         timestamptz   NOT NULL CHECK (date_trunc('hour', hour, 'UTC') = hour),
  key          text          NOT NULL,
  consignments bigint        NOT NULL CHECK (consignments >= 0),
  lines        bigint        NOT NULL CHECK (lines >= 0),
  value        numeric(19,5) NOT NULL CHECK (value >= 0),                 -- CNY
  tax          numeric(19,5) NOT NULL CHECK (tax >= 0),                   -- CNY
  PRIMARY KEY (dimension, hour, key)
) WITH (fillfactor = 80);                      -- updated in place, again and again
