-- An assessment is written once, complete, and seldom changed; what only the service reads is one value. Nothing is
-- thrown away silently: where there are data, this refuses.
DO $$ BEGIN
  IF EXISTS (SELECT FROM assessment) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
DROP TABLE assessment, person_year, missing_filing, due;

-- One row per consignment: how far the matcher and customs have come with it, and the latest assessment. That revision
-- and what follows it are there together or not at all is for the service, as the order of the numbers is.
CREATE TABLE assessment (
  id                bigint   NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 100), -- its name in released
  judged_revision   integer  NOT NULL,              -- highest revision that came and matters; older ones are ignored
  decision          integer  NOT NULL,              -- highest decision of customs that rejected, took that back, or released
  rejected_revision integer,                        -- the revision that decision rejected; null where it did something else
  released_revision integer,                        -- the revision that customs released; null where none is: see released
  revision          integer,                        -- the revision assessed; this and what follows is null before the first
  attempt           integer,
  year              integer,                        -- calendar year of the assessment in Asia/Shanghai
  route             smallint,                       -- 0 preferential, 1 full rate, 2 general trade, 3 reject, 4 held
  cancelled         boolean  NOT NULL,              -- superseded or rejected: nothing is booked any more
  platform_code     text     NOT NULL COLLATE "C",
  order_no          text     NOT NULL COLLATE "C",  -- unique on one platform only (CEB311)
  seller_code       text     NOT NULL,
  person_index      text,                           -- blind index of the buyer's ID number
  quota_cny         numeric  CHECK (quota_cny >= 0), -- of the person's year: booked, and while cancelled given back
  quota_kg          bytea,                          -- group of the weight limit to kg, MessagePack; null where none
  details           bytea,                          -- AssessmentDetails as MessagePack: amounts, lines, reasons, the goods
  PRIMARY KEY (platform_code, order_no)
);
CREATE INDEX assessment_held ON assessment (platform_code, order_no)
  WHERE route = 4 AND NOT cancelled AND released_revision IS NULL;
ALTER TABLE assessment ALTER COLUMN details SET STORAGE EXTERNAL; -- compressing costs more than it saves

-- Assessments that customs released as they stand, which is what nearly all come to: the revision assessed is the one
-- released. Whatever else a release meets (nothing assessed yet, another revision, cancelled, held) is noted in assessment.
-- Who adds a row holds the lock of its assessment.
CREATE TABLE released (
  id bigint PRIMARY KEY
);

-- The filed or unfiled goods of held consignments: a filing that comes or changes may free them.
CREATE TABLE missing_filing (
  seller_code   text NOT NULL COLLATE "C",
  item_no       text NOT NULL COLLATE "C",
  platform_code text NOT NULL COLLATE "C",
  order_no      text NOT NULL COLLATE "C",
  PRIMARY KEY (seller_code, item_no, platform_code, order_no)
);
CREATE INDEX missing_filing_consignment ON missing_filing (platform_code, order_no);

-- Consignments to assess again: a filing came, a rejection was taken back, the service started anew.
CREATE TABLE due (
  platform_code text NOT NULL COLLATE "C",
  order_no      text NOT NULL COLLATE "C",
  PRIMARY KEY (platform_code, order_no)
);

-- What a person has bought in a calendar year: the sum of the bookings in assessment. Locked before it is read.
CREATE TABLE person_year (
  year         integer NOT NULL,
  person_index text    NOT NULL COLLATE "C",
  used_cny     numeric NOT NULL CHECK (used_cny >= 0),
  used_kg      bytea,                               -- group of the weight limit to kg, MessagePack; null where none
  PRIMARY KEY (person_index, year)
) WITH (fillfactor = 80);

ALTER TABLE goods_filing
  ALTER COLUMN seller_code TYPE text COLLATE "C",
  ALTER COLUMN item_no     TYPE text COLLATE "C";
