-- Inventories by parcel, which is all that a warehousing detail (CEB711) names. Null in rows from before: filled at start.
ALTER TABLE inventory ADD COLUMN logistics_code text COLLATE "C", ADD COLUMN waybill_no text COLLATE "C";
CREATE INDEX inventory_parcel ON inventory (waybill_no, logistics_code);

-- Bonded accounts (账册) whose stock is kept here.
CREATE TABLE stock_account (
  ems_no    text        NOT NULL COLLATE "C" PRIMARY KEY,
  area_code text        NOT NULL COLLATE "C",             -- the company that keeps it
  opened_at timestamptz NOT NULL
);

-- The articles of an account and their sums: what the movements of each add up to, written with them.
CREATE TABLE stock_item (
  ems_no    text          NOT NULL COLLATE "C" REFERENCES stock_account,
  record_no text          NOT NULL COLLATE "C",           -- itemRecordNo
  gcode     text          NOT NULL,
  gname     text          NOT NULL,
  unit      text          NOT NULL,                       -- in which all its quantities are counted
  entered   numeric(24,5) NOT NULL CHECK (entered >= 0),
  reserved  numeric(24,5) NOT NULL CHECK (reserved >= 0), -- by inventories before their release
  released  numeric(24,5) NOT NULL CHECK (released >= 0),
  returned  numeric(24,5) NOT NULL CHECK (returned BETWEEN 0 AND released),
  CONSTRAINT stock_item_balance CHECK (entered - reserved - released + returned >= 0),
  PRIMARY KEY (ems_no, record_no)
);

-- What happened to an article. Append only; what an inventory holds is the sum of its movements.
CREATE TABLE stock_movement (
  no          bigint        NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ems_no      text          NOT NULL COLLATE "C",
  record_no   text          NOT NULL COLLATE "C",
  kind        text          NOT NULL CHECK (kind IN ('entry', 'surplus', 'shortage', 'reserved', 'givenBack', 'released', 'returned')),
  entered     numeric(19,5) NOT NULL,                     -- what it adds to each sum of its article
  reserved    numeric(19,5) NOT NULL,
  released    numeric(19,5) NOT NULL,
  returned    numeric(19,5) NOT NULL,
  document_no text          NOT NULL COLLATE "C",         -- its cause: entryNo, invtNo of an inventory, preNo of a return
  pre_no      text          COLLATE "C",                  -- of the inventory; null of an entry
  source_no   text,                                       -- of an entry: the document from which it was made
  reason      text,                                       -- of a surplus or a shortage
  at          timestamptz   NOT NULL,
  FOREIGN KEY (ems_no, record_no) REFERENCES stock_item
);
CREATE UNIQUE INDEX stock_movement_entry ON stock_movement (ems_no, document_no) WHERE pre_no IS NULL;
CREATE INDEX stock_movement_inventory ON stock_movement (pre_no) WHERE pre_no IS NOT NULL;
CREATE INDEX stock_movement_account ON stock_movement (ems_no, no);
CREATE TRIGGER stock_movement_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement EXECUTE FUNCTION decision_is_final();
