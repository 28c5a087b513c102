-- Export inventories (CEB603) as the matcher compared them, with the last result of each.
CREATE TABLE export_inventory (
  declarant_code text        NOT NULL COLLATE "C",
  declarant_no   text        NOT NULL COLLATE "C",         -- copNo; with the declarant it names the inventory
  invt_no        text        NOT NULL COLLATE "C" UNIQUE,  -- given by us as customs give it
  logistics_code text        NOT NULL COLLATE "C",
  waybill_no     text        NOT NULL COLLATE "C",
  document       uuid        NOT NULL,                     -- the version that the rest speaks of
  revision       integer     NOT NULL,                     -- of the comparison
  receipts       smallint    NOT NULL,                     -- how many results this version has
  status         text,                                     -- of the last one: 100, 399, 800, 899; null where there is none
  code           text,
  decided_at     timestamptz,
  body           bytea       NOT NULL,                     -- ExportInventoryJudged as MessagePack; nothing in it is personal
  PRIMARY KEY (declarant_code, declarant_no)
);
CREATE INDEX export_inventory_waybill ON export_inventory (waybill_no, logistics_code);

-- Parts of master/house lists (CEB607), arrivals (CEB507) and departures (CEB509): the newest version of each.
CREATE TABLE transport (
  message      text     NOT NULL COLLATE "C",                  -- CEB507, CEB509, CEB607
  company_code text     NOT NULL COLLATE "C",
  company_no   text     NOT NULL COLLATE "C",                  -- copNo, the same in all parts
  part         integer  NOT NULL CHECK (part >= 1),            -- msgSeqNo
  receipts     smallint NOT NULL,                              -- how many results this version has
  status       text,                                           -- of the last one: 120, 399; null where there is none
  body         bytea    NOT NULL,                              -- TransportPart as MessagePack
  PRIMARY KEY (message, company_code, company_no, part)
);

-- The parcels of those parts.
CREATE TABLE transport_line (
  waybill_no     text    NOT NULL COLLATE "C",
  logistics_code text    NOT NULL COLLATE "C",
  message        text    NOT NULL COLLATE "C",
  company_code   text    NOT NULL COLLATE "C",
  company_no     text    NOT NULL COLLATE "C",
  part           integer NOT NULL,
  FOREIGN KEY (message, company_code, company_no, part) REFERENCES transport
);
CREATE INDEX transport_line_waybill ON transport_line (waybill_no, logistics_code);
CREATE INDEX transport_line_part ON transport_line (company_no, company_code, message, part);
