-- A document is asked for by its id: ids are made in the order of time, so a BRIN index costs next to nothing and finds them.
CREATE INDEX document_id ON document USING brin (id);

-- Declarations have a number that e-port and customs make theirs of (GivenNumbers); other documents have none.
ALTER TABLE document ADD COLUMN number bigint;
CREATE SEQUENCE document_number;
