-- Inventories (CEB621) as the matcher compared them, with the last result of each.
CREATE TABLE inventory (
  order_no      text        NOT NULL COLLATE "C",
  seller_code   text        NOT NULL COLLATE "C",         -- with the order number it names the inventory
  platform_code text        NOT NULL COLLATE "C",
  invt_no       text        NOT NULL COLLATE "C" UNIQUE,  -- given by us as customs give it
  document      uuid        NOT NULL,                     -- the version that the rest speaks of
  revision      integer     NOT NULL,                     -- of the comparison
  receipts      smallint    NOT NULL,                     -- how many results this version has
  status        text,                                     -- of the last one: 100, 120, 300, 399, 500, 800; null where there is none
  code          text,
  decided_at    timestamptz,
  body          bytea       NOT NULL,                     -- InventoryJudged as MessagePack: keys, amounts, blind indexes, masks
  PRIMARY KEY (order_no, seller_code)
);
CREATE INDEX inventory_consignment ON inventory (platform_code, order_no);

-- Every result of a declaration, by version. Append only: what was told once comes again as it was.
CREATE TABLE receipt (
  document   uuid        NOT NULL,
  no         smallint    NOT NULL CHECK (no >= 1),
  status     text        NOT NULL,                        -- returnStatus
  code       text        NOT NULL,
  info       text        NOT NULL,                        -- returnInfo; values masked where personal
  customs_no text,                                        -- invtNo
  at         timestamptz NOT NULL,
  PRIMARY KEY (document, no)
);
CREATE TRIGGER receipt_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt EXECUTE FUNCTION decision_is_final();
