-- Returns of exported goods (CEB213) in their newest version, with the last result of each.
CREATE TABLE export_return (
  pre_no         text     NOT NULL COLLATE "C" PRIMARY KEY, -- given by us as the e-port gives it; the same for all versions
  invt_no        text     NOT NULL COLLATE "C",             -- the inventory whose goods come back; may be one that is not there
  logistics_code text     NOT NULL COLLATE "C",             -- with the next: the waybill by which they come back
  waybill_no     text     NOT NULL COLLATE "C",
  document       uuid     NOT NULL,                         -- the version that the rest speaks of
  receipts       smallint NOT NULL,                         -- how many results this version has
  status         text,                                      -- of the last one: 100, 120, 300, 399, 800, negative; null while the inventory has none
  code           text,
  decided_at     timestamptz,
  body           bytea    NOT NULL                          -- ExportReturnAccepted as MessagePack; nothing in it is personal
);
CREATE INDEX export_return_invt_no ON export_return (invt_no);
CREATE INDEX export_return_waybill ON export_return (waybill_no, logistics_code);

-- A tally of what came back (CEB215) is a list of one parcel. It may name the inventory, too.
ALTER TABLE transport_line ADD COLUMN invt_no text COLLATE "C";
CREATE INDEX transport_line_invt_no ON transport_line (invt_no) WHERE invt_no IS NOT NULL;
