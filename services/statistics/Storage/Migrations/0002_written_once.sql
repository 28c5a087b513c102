-- Verdict and decision of a consignment are worked in together where they come close together, and the fact is written
-- once, complete. Its lines are MessagePack. Nothing is thrown away silently: where there are data, this refuses.
DO $$ BEGIN
  IF EXISTS (SELECT FROM fact) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
DROP TABLE fact;

-- One row per consignment: the latest verdict, the latest decision and the release. What it adds to the counters
-- follows from this row alone, so that a later revision or decision can take the old contribution back. The columns of
-- each of the three are there together or not at all: for the service.
CREATE TABLE fact (
  judged_hour     timestamptz,                 -- start of the hour, as all hours here
  decided_hour    timestamptz,
  release_hour    timestamptz,
  revision        integer,                     -- of the verdict
  decision        integer,                     -- number of the decision
  status          integer,                     -- returnStatus
  release         integer,                     -- the decision that released: the latest 800, else the latest 899
  release_status  integer,
  state           smallint,                    -- waiting, matched, mismatched, ambiguous
  platform_code   text        NOT NULL COLLATE "C",
  order_no        text        NOT NULL COLLATE "C",
  mode            text,                        -- supervision mode at release
  lines           bytea,                       -- MessagePack: lines, value and tax at release by country and HS chapter
  PRIMARY KEY (platform_code, order_no)
) WITH (fillfactor = 85);                      -- some are filled in two or three steps, on their own page
ALTER TABLE fact ALTER COLUMN lines SET STORAGE EXTERNAL; -- compressing costs more than it saves
