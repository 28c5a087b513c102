-- What the intake services told us of each document: the newest version of each number. A change replaces the row.
CREATE TABLE document (
  kind           smallint    NOT NULL CHECK (kind BETWEEN 0 AND 2),  -- 0 order, 1 payment, 2 waybill
  company_code   text        NOT NULL,               -- platform, payment company, logistics company
  document_no    text        NOT NULL,               -- order number, payment number, waybill number
  version        integer     NOT NULL CHECK (version >= 1),
  deleted        boolean     NOT NULL,
  platform_code  text,                               -- null on most waybills: the official message does not name it
  order_no       text        NOT NULL,
  first_app_time timestamptz,                        -- appTime of the first version, where its sender stated it
  received_at    timestamptz NOT NULL,               -- of the first version
  earlier_orders text[]      NOT NULL DEFAULT '{}',  -- order numbers that earlier versions named
  body           bytea       NOT NULL,               -- the accepted document as JSON: keys, amounts, blind indexes, masks
  PRIMARY KEY (kind, company_code, document_no)
);
CREATE INDEX document_order_no ON document (order_no);

-- One slim row per consignment: an order number on a platform. platform_code is empty while only a waybill is there.
CREATE TABLE consignment (
  platform_code     text        NOT NULL,
  order_no          text        NOT NULL,
  seq               bigint      GENERATED ALWAYS AS IDENTITY,
  state             smallint    NOT NULL CHECK (state BETWEEN 0 AND 3),
  revision          integer     NOT NULL DEFAULT 0,  -- of the last verdict; 0 while there was none
  basis             text        NOT NULL,            -- documents and versions that the state rests on
  missing           smallint    NOT NULL,            -- bit 0 order, 1 payment, 2 waybill
  mode              smallint,
  seller_code       text,
  payment_company   text,
  logistics_company text,
  waiting_since     timestamptz NOT NULL,
  overdue           boolean     NOT NULL DEFAULT false,
  changed_at        timestamptz NOT NULL,
  PRIMARY KEY (platform_code, order_no)
) WITH (fillfactor = 80);                            -- a row is changed in place as its documents come
CREATE UNIQUE INDEX consignment_seq ON consignment (seq);
CREATE INDEX consignment_order_no ON consignment (order_no);
CREATE INDEX consignment_waiting_since ON consignment USING brin (waiting_since);
CREATE INDEX consignment_without_mode ON consignment (seller_code) WHERE mode IS NULL AND seller_code IS NOT NULL;

-- Every verdict ever given; a later one supersedes, none is edited.
CREATE TABLE verdict (
  platform_code text        NOT NULL,
  order_no      text        NOT NULL,
  revision      integer     NOT NULL,
  state         smallint    NOT NULL,
  judged_at     timestamptz NOT NULL,
  body          bytea       NOT NULL,                -- ConsignmentJudged as JSON, without the goods
  PRIMARY KEY (platform_code, order_no, revision)
);

-- What risk rules count: which things were seen together, and when last. Blind indexes and hashes only.
CREATE TABLE sighting (
  rule    smallint      NOT NULL,                    -- number of the risk rule
  subject bytea         NOT NULL CHECK (length(subject) = 16),
  seen    bytea         NOT NULL CHECK (length(seen) = 16),
  amount  numeric(19,5) NOT NULL DEFAULT 0,
  seen_at timestamptz   NOT NULL,
  PRIMARY KEY (rule, subject, seen)
);

-- Sellers' filed supervision modes.
CREATE TABLE company (
  code    text    PRIMARY KEY,
  mode    smallint,
  version integer NOT NULL
);

-- Parcels that were signed for (CEB513).
CREATE TABLE delivery (
  logistics_company text        NOT NULL,
  waybill_no        text        NOT NULL,
  status            text        NOT NULL,
  reached_at        timestamptz NOT NULL,
  PRIMARY KEY (logistics_company, waybill_no, status)
);
