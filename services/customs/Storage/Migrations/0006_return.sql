-- Returns (CEB625) in their newest version, with the last result of each.
CREATE TABLE inventory_return (
  pre_no     text     NOT NULL COLLATE "C" PRIMARY KEY, -- given by us as the e-port gives it; the same for all versions
  invt_no    text     NOT NULL COLLATE "C",             -- the inventory whose goods come back; may be one that is not there
  document   uuid     NOT NULL,                         -- the version that the rest speaks of
  receipts   smallint NOT NULL,                         -- how many results this version has
  status     text,                                      -- of the last one: 100, 300, 399, 800, negative; null while the inventory has none
  code       text,
  decided_at timestamptz,
  body       bytea    NOT NULL                          -- ReturnAccepted as MessagePack: keys, quantities, blind indexes, masks
);
CREATE INDEX inventory_return_invt_no ON inventory_return (invt_no);

-- CEB818 of a tax bill that is void: all goods of its inventory came back.
CREATE TABLE tax_bill_void (
  invt_no text  NOT NULL COLLATE "C" PRIMARY KEY,
  body    bytea NOT NULL                                -- the members of CEB818 as JSON
);
CREATE TRIGGER tax_bill_void_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_bill_void EXECUTE FUNCTION decision_is_final();
