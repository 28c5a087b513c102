-- Export inventories (CEB603) as the matcher compared them, with the last result of each.
CREATE TABLE export_inventory (
  declarant_code text        NOT NULL COLLATE "C",
  declarant_no   text        NOT NULL COLLATE "C",         -- copNo; with the declarant it names the inventory
  invt_no        text        NOT NULL COLLATE "C" UNIQUE,  -- given by us as customs give it
  document       uuid        NOT NULL,                     -- the version that the rest speaks of
  revision       integer     NOT NULL,                     -- of the comparison
  receipts       smallint    NOT NULL,                     -- how many results this version has
  status         text,                                     -- of the last one: 100, 399, 800, 899; null where there is none
  code           text,
  decided_at     timestamptz,
  body           bytea       NOT NULL,                     -- ExportInventoryJudged as MessagePack; nothing in it is personal
  PRIMARY KEY (declarant_code, declarant_no)
);
