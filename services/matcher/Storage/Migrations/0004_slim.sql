-- Made anew for speed. Nothing is thrown away silently: where there are data, this refuses.
DO $$ BEGIN
  IF EXISTS (SELECT FROM document) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
DROP TABLE document, consignment, verdict, sighting, released;

-- What the intake services told us of each document: the newest version of each number. A change replaces the row.
CREATE TABLE document (
  kind           smallint    NOT NULL CHECK (kind BETWEEN 0 AND 2),  -- 0 order, 1 payment, 2 waybill
  deleted        boolean     NOT NULL,
  version        integer     NOT NULL,
  first_version  integer     NOT NULL,               -- the earliest that came; what follows is its
  received_at    timestamptz NOT NULL,
  first_app_time timestamptz,                        -- appTime, where its sender stated it
  company_code   text        NOT NULL COLLATE "C",   -- platform, payment company, logistics company
  document_no    text        NOT NULL COLLATE "C",   -- order number, payment number, waybill number
  order_no       text        NOT NULL COLLATE "C",
  platform_code  text,                               -- null on most waybills: the official message does not name it
  earlier_orders text[],                             -- order numbers that earlier versions named; null where none
  body           bytea       NOT NULL,               -- the accepted document as MessagePack: keys, amounts, blind indexes, masks
  PRIMARY KEY (document_no, company_code, kind)
);
CREATE INDEX document_order_no ON document (order_no);

-- One row per consignment: an order number on a platform. platform_code is empty while only a waybill is there.
CREATE TABLE consignment (
  seq               bigint      GENERATED ALWAYS AS IDENTITY,
  waiting_since     timestamptz NOT NULL,
  changed_at        timestamptz NOT NULL,
  revision          integer     NOT NULL,            -- of the last verdict; 0 while there was none
  state             smallint    NOT NULL CHECK (state BETWEEN 0 AND 3),
  missing           smallint    NOT NULL,            -- bit 0 order, 1 payment, 2 waybill
  mode              smallint,
  overdue           boolean     NOT NULL,
  order_no          text        NOT NULL COLLATE "C",
  platform_code     text        NOT NULL COLLATE "C",
  basis             text        NOT NULL,            -- documents and versions that the state rests on
  seller_code       text,
  payment_company   text,
  logistics_company text,
  verdict           bytea,                           -- the last one: ConsignmentJudged as MessagePack, without the goods
  PRIMARY KEY (order_no, platform_code),
  CHECK ((verdict IS NULL) = (revision = 0))
) WITH (fillfactor = 80);                            -- a row is changed in place as its documents come
CREATE UNIQUE INDEX consignment_seq ON consignment (seq);
CREATE INDEX consignment_waiting_since ON consignment USING brin (waiting_since);
CREATE INDEX consignment_without_mode ON consignment (seller_code) WHERE mode IS NULL AND seller_code IS NOT NULL;

-- Verdicts that a later one superseded; none is ever edited.
CREATE TABLE superseded_verdict (
  order_no      text    NOT NULL COLLATE "C",
  platform_code text    NOT NULL COLLATE "C",
  revision      integer NOT NULL CHECK (revision >= 1),
  verdict       bytea   NOT NULL,
  PRIMARY KEY (order_no, platform_code, revision)
);

-- What risk rules count, one row per judged consignment: hashes only, see Sighting. Rows are added; of one consignment
-- the latest holds.
CREATE TABLE sighting (
  seen_at     timestamptz NOT NULL,
  consignment bigint      NOT NULL,
  buyer       bigint      NOT NULL,
  telephone   bigint      NOT NULL,
  address     bigint      NOT NULL,
  consignee   bigint      NOT NULL,
  amount      bigint      NOT NULL                   -- 0.00001 CNY
);
CREATE INDEX sighting_buyer ON sighting (buyer, seen_at);
CREATE INDEX sighting_telephone ON sighting (telephone, seen_at);
CREATE INDEX sighting_address ON sighting (address, seen_at);

-- Payment numbers that an order named while another number paid it (R06): rows are few.
CREATE TABLE named_payment (
  payment     bigint NOT NULL,
  consignment bigint NOT NULL,
  PRIMARY KEY (payment, consignment)
);

-- Released consignments whose delivery is still to be seen (R08), many to a row: those of one message.
CREATE TABLE released (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  released_at timestamptz NOT NULL,                  -- of the last one among them
  body        bytea       NOT NULL                   -- MessagePack, see ReleasedNote
);
CREATE INDEX released_at ON released (released_at);

-- Consignments whose delivery was told to be overdue.
CREATE TABLE overdue_delivery (
  order_no      text        NOT NULL COLLATE "C",
  platform_code text        NOT NULL COLLATE "C",
  revision      integer     NOT NULL,                -- of the verdict that was released: it names the waybill
  released_at   timestamptz NOT NULL,
  told_at       timestamptz NOT NULL,
  PRIMARY KEY (order_no, platform_code)
);
