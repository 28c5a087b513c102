-- Documents of exports (CEB303, 403, 505, 603) as the intake services told them: the newest version of each.
CREATE TABLE export_document (
  kind        smallint NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- 0 order, 1 receipt of payment, 2 waybill, 3 inventory
  number      text     NOT NULL COLLATE "C",                   -- names it among those of its kind
  version     integer  NOT NULL,
  order_ref   text     COLLATE "C",                            -- platform and order number; null on a waybill
  waybill_ref text     COLLATE "C",                            -- logistics company and waybill number; null on order and payment
  body        bytea    NOT NULL,                               -- as MessagePack; nothing in it is personal
  PRIMARY KEY (number, kind)
);
CREATE INDEX export_document_order ON export_document (order_ref) WHERE order_ref IS NOT NULL;
CREATE INDEX export_document_waybill ON export_document (waybill_ref) WHERE waybill_ref IS NOT NULL;

-- What was last told of each export inventory.
CREATE TABLE export_inventory (
  number   text    NOT NULL COLLATE "C" PRIMARY KEY,
  revision integer NOT NULL CHECK (revision >= 1),
  basis    text    NOT NULL                                    -- documents and versions that it rests on
);
