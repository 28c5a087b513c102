-- A data key for each month, in a file apart from the database; here is only which there are. Where documents lie under the one key
-- of before, this refuses.
DO $$ BEGIN
  IF EXISTS (SELECT FROM document) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
DROP TABLE data_key;
CREATE TABLE data_key (
  id          integer     PRIMARY KEY CHECK (id BETWEEN 200001 AND 999912),  -- month of receipt, UTC: 202611
  fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 16),         -- DataKey.Fingerprint
  made_at     timestamptz NOT NULL DEFAULT now(),
  shredded_at timestamptz                                                    -- since then its documents are unreadable
);
