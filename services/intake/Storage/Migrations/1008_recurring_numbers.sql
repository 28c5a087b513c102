-- A number that is given to another document after its months (waybills): this version is that document's first.
ALTER TABLE document ADD COLUMN renews boolean NOT NULL DEFAULT false;
