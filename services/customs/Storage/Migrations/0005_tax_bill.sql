-- Electronic tax bills (CEB816), one for each released inventory.
CREATE TABLE tax_bill (
  invt_no text  NOT NULL COLLATE "C" PRIMARY KEY,
  body    bytea NOT NULL                                  -- the members of CEB816 as JSON
);
CREATE TRIGGER tax_bill_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_bill EXECUTE FUNCTION decision_is_final();
