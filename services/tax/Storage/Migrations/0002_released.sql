-- What customs released (800) keeps its assessment and its booking: the goods are out and the tax is due, whatever the
-- parties change afterwards. Verdicts, decisions and assessments of a released consignment are ignored from then on.
-- A newer verdict may have come before the release, from another queue, and cancelled the assessment. So what it gave back
-- of the person's year is kept, and a release books exactly that again. Releases that came before this migration are unknown.
ALTER TABLE assessment
  ADD COLUMN released_revision integer,                   -- the revision that customs released; null where none is
  ADD COLUMN returned_cny      numeric(19,5) NOT NULL DEFAULT 0 CHECK (returned_cny >= 0), -- by the cancelled assessment
  ADD COLUMN returned_kg       jsonb         NOT NULL DEFAULT '{}'; -- the same: group of the weight limit → kg
