-- At thousands of consignments a second what counts is rows and index entries: a clearance is written once, with its
-- decision, who may see it is kept by range of numbers and the feed by block. What earlier versions wrote cannot be
-- taken over, for it is JSON; nothing is thrown away silently.
DO $$ BEGIN
  IF EXISTS (SELECT FROM clearance) OR EXISTS (SELECT FROM feed_event) THEN
    RAISE EXCEPTION 'Clearances of an earlier version cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
DROP TABLE clearance, clearance_party, decision, feed_event, feed_party;

-- Numbers are given in ranges of 1,000, so that one statement numbers many rows; see ClearanceNumbers.
CREATE SEQUENCE clearance_number START 1000 INCREMENT BY 1000;

-- One row per consignment before customs: the newest verdict, the newest assessment, the decision that stands. Either of
-- the two may come first and make the row. Keys sort as bytes ("C"), in the database as in the program.
CREATE TABLE clearance (
  number        bigint   NOT NULL,                        -- order of first sight, for paging
  platform_code text     COLLATE "C" NOT NULL CHECK (length(platform_code) <= 50),
  order_no      text     COLLATE "C" NOT NULL CHECK (length(order_no) <= 60),   -- unique on one platform only (CEB311)
  revision      int      NOT NULL,                        -- of the newest verdict; 0 where only tax came yet
  status        smallint CHECK (status IN (100, 120, 300, 500, 800)),           -- returnStatus; null: nothing decided
  body          bytea    NOT NULL,                        -- all the rest, MessagePack; see ClearanceBytes
  PRIMARY KEY (platform_code, order_no)
);
ALTER TABLE clearance ALTER COLUMN body SET STORAGE EXTERNAL;   -- most rows are too short to be worth compressing
CREATE UNIQUE INDEX clearance_number_key ON clearance (number);

-- What waits for an officer: few rows among many.
CREATE INDEX clearance_desk ON clearance (number) WHERE status IN (300, 500);

-- Who may see which consignment: the numbers of a range, less its first. One row per company and range, not per
-- consignment. A company that is replaced is taken out.
CREATE TABLE clearance_party (
  company text       NOT NULL,
  range   bigint     NOT NULL,                            -- first number of the range
  offsets smallint[] NOT NULL,
  PRIMARY KEY (company, range)
);

-- Every decision ever taken. Append only: an audit reads it.
CREATE TABLE decision (
  number          bigint      NOT NULL,                   -- of the clearance
  decision        int         NOT NULL CHECK (decision > 0),
  revision        int         NOT NULL,
  status          smallint    NOT NULL,
  previous_status smallint,
  code            text        NOT NULL,
  rule            text        NOT NULL,                   -- the rule that gave it, or officer-release …
  decided_at      timestamptz NOT NULL,
  decided_by      text        NOT NULL,                   -- rules, or the client id of the officer's key
  reason          text        CHECK (length(reason) <= 500),   -- the officer's
  PRIMARY KEY (number, decision)
);
CREATE TRIGGER decision_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON decision EXECUTE FUNCTION decision_is_final();

-- The feed in blocks, each with the position of its last event; the positions come from feed_counter, as ever
-- (0002_feed.sql).
CREATE TABLE feed_block (
  last        bigint   PRIMARY KEY,
  events      smallint NOT NULL CHECK (events > 0),
  traceparent text,                                       -- W3C trace context of what made the events
  body        bytea    NOT NULL                           -- the events, MessagePack; see FeedBlock
);
-- Not compressed, so that a slice of it is read without the rest.
ALTER TABLE feed_block ALTER COLUMN body SET STORAGE EXTERNAL;

-- In which blocks there are events of a type, and in which such that a company may read, with the stretch of the block
-- from the first to the last of them. The position is that of the last, so that who has read it passes the block over.
CREATE TABLE feed_type (
  type     smallint NOT NULL,                             -- number of the type: see FeedTypes
  position bigint   NOT NULL,
  first    bigint   NOT NULL,                             -- position of the first of them
  block    bigint   NOT NULL,                             -- feed_block.last
  events   smallint NOT NULL,                             -- how many there are
  start    int      NOT NULL,                             -- first byte in the body, from 1
  bytes    int      NOT NULL,
  PRIMARY KEY (type, position)
);
CREATE TABLE feed_party (
  company  text     NOT NULL,
  type     smallint NOT NULL,
  position bigint   NOT NULL,
  first    bigint   NOT NULL,
  block    bigint   NOT NULL,
  events   smallint NOT NULL,
  start    int      NOT NULL,
  bytes    int      NOT NULL,
  PRIMARY KEY (company, type, position)
);
