-- Versions may come out of order, where several replicas share a queue: what rests on the first version must not
-- depend on which of them came first.
ALTER TABLE document ADD COLUMN first_version integer NOT NULL DEFAULT 1;
ALTER TABLE document ALTER COLUMN first_version DROP DEFAULT;

-- A delivery state can be changed and withdrawn like any document.
ALTER TABLE delivery ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE delivery ADD COLUMN deleted boolean NOT NULL DEFAULT false;
ALTER TABLE delivery ALTER COLUMN version DROP DEFAULT;
ALTER TABLE delivery ALTER COLUMN deleted DROP DEFAULT;
