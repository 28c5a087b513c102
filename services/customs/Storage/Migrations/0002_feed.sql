-- The feed. Numbers from a sequence become visible out of order, and a reader that remembers the last one would skip a
-- slow transaction. So the position comes from this one row: whoever raised it holds its lock until the commit is
-- visible, and the next writer waits for that. Position n is therefore never visible before n - 1, and a transaction
-- that fails gives its numbers back: no gaps. The writers raise it in the last statement before the commit, so the
-- lock lasts for one flush.
CREATE TABLE feed_counter (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  last     bigint  NOT NULL                               -- position of the newest event
) WITH (fillfactor = 10);
INSERT INTO feed_counter (last) VALUES (0);

CREATE TABLE feed_event (
  position    bigint      PRIMARY KEY,
  id          uuid        NOT NULL,
  type        text        NOT NULL,                       -- CloudEvents type
  subject     text        NOT NULL,                       -- ebpCode/orderNo
  time        timestamptz NOT NULL,
  parties     text[]      NOT NULL,                       -- who may read it beside customs and operator
  traceparent text,
  data        jsonb       NOT NULL
);
CREATE INDEX feed_event_type ON feed_event (type, position);

-- Who reads what, in feed order: a page of one company is a few short index scans, however many events others have.
CREATE TABLE feed_party (
  company  text     NOT NULL,
  type     smallint NOT NULL,                             -- number of the type: see FeedTypes
  position bigint   NOT NULL,
  PRIMARY KEY (company, type, position)
);
