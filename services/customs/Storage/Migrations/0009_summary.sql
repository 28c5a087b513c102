-- By what a request for a period finds inventories. Null of those that were taken in before.
ALTER TABLE export_inventory
  ADD COLUMN seller_code text COLLATE "C",
  ADD COLUMN customs_code text COLLATE "C",
  ADD COLUMN statistics text COLLATE "C";                      -- A simplified, B summed up
CREATE INDEX export_inventory_period ON export_inventory (declarant_code, seller_code, customs_code, decided_at) WHERE statistics = 'B';

-- Parts of requests to sum inventories up (CEB701): the newest version of each, with its last result.
CREATE TABLE summary_part (
  declarant_code text        NOT NULL COLLATE "C",
  declarant_no   text        NOT NULL COLLATE "C",             -- copNo, the same in all parts
  part           integer     NOT NULL CHECK (part >= 1),       -- msgSeqNo
  receipts       smallint    NOT NULL,                         -- how many results this version has
  status         text,                                         -- of the last one: 100, 399, negative; null where there is none
  code           text,
  decided_at     timestamptz,
  body           bytea       NOT NULL,                         -- SummaryPart as MessagePack
  PRIMARY KEY (declarant_code, declarant_no, part)
);

-- The inventories that those parts list.
CREATE TABLE summary_line (
  invt_no        text    NOT NULL COLLATE "C",
  declarant_code text    NOT NULL COLLATE "C",
  declarant_no   text    NOT NULL COLLATE "C",
  part           integer NOT NULL,
  FOREIGN KEY (declarant_code, declarant_no, part) REFERENCES summary_part
);
CREATE INDEX summary_line_invt_no ON summary_line (invt_no);
CREATE INDEX summary_line_part ON summary_line (declarant_no, declarant_code, part);

-- What inventories were summed up to, once.
CREATE TABLE summary (
  declarant_code text        NOT NULL COLLATE "C",
  declarant_no   text        NOT NULL COLLATE "C",
  sum_no         text        NOT NULL COLLATE "C" UNIQUE,      -- given by us as customs give it
  declarations   bytea       NOT NULL,                         -- with their goods, as JSON
  PRIMARY KEY (declarant_code, declarant_no)
);

-- CEB792, one for each declaration.
CREATE TABLE summary_result (
  declarant_code text        NOT NULL COLLATE "C",
  declarant_no   text        NOT NULL COLLATE "C",
  no             integer     NOT NULL CHECK (no >= 1),
  decl_seq_no    text        NOT NULL COLLATE "C" UNIQUE,
  body           bytea       NOT NULL,                         -- the members of CEB792 as JSON
  PRIMARY KEY (declarant_code, declarant_no, no),
  FOREIGN KEY (declarant_code, declarant_no) REFERENCES summary
);
CREATE SEQUENCE declaration_no;                                -- of which declSeqNo is made

-- An inventory is summed up once.
CREATE TABLE summary_inventory (
  invt_no text NOT NULL COLLATE "C" PRIMARY KEY,
  sum_no  text NOT NULL COLLATE "C"
);

CREATE TRIGGER summary_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON summary EXECUTE FUNCTION decision_is_final();
CREATE TRIGGER summary_result_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON summary_result EXECUTE FUNCTION decision_is_final();
CREATE TRIGGER summary_inventory_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON summary_inventory EXECUTE FUNCTION decision_is_final();
