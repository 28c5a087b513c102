-- What was last told of each inventory (CEB621); what it says is in its dossier.
CREATE TABLE inventory (
  order_no    text     NOT NULL COLLATE "C",
  seller_code text     NOT NULL COLLATE "C",
  revision    integer  NOT NULL CHECK (revision >= 1),
  state       smallint NOT NULL,                     -- ConsignmentState of the four documents
  basis       text     NOT NULL,                     -- documents and versions that it rests on
  PRIMARY KEY (order_no, seller_code)
);
