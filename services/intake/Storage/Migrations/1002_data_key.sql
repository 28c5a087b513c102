-- The keys under which documents are encrypted, wrapped by the master key, which lies elsewhere.
CREATE TABLE data_key (
  id      integer     PRIMARY KEY CHECK (id >= 1),
  wrapped bytea       NOT NULL,                      -- AES-256-GCM under the master key, see DataKey
  made_at timestamptz NOT NULL DEFAULT now()
);
