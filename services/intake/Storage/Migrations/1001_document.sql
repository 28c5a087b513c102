-- One slim row per version of a document: what the next decision about its number needs. Never updated.
CREATE TABLE document (
  kind         text        NOT NULL,                 -- CEB311, CEB411, CEB511, CEB513
  key          text        NOT NULL,                 -- the fields that make the number unique, parted by U+001F
  version      integer     NOT NULL CHECK (version >= 1),
  id           uuid        NOT NULL,                 -- version 7: sorts by time
  app_time     timestamptz NOT NULL,
  content_hash bytea       NOT NULL CHECK (length(content_hash) = 32),
  draft        boolean     NOT NULL,                 -- appStatus 1
  deleted      boolean     NOT NULL,                 -- appType 3
  sender       text        NOT NULL,                 -- customs code of the company whose key sent it
  received_at  timestamptz NOT NULL,
  PRIMARY KEY (kind, key, version)
);

-- The raw bytes as they came, encrypted; appended, never updated, dropped by the month.
CREATE TABLE document_body (
  id          uuid        NOT NULL,
  received_at timestamptz NOT NULL,
  sealed      bytea       NOT NULL,                  -- AES-256-GCM, see DataKey
  PRIMARY KEY (id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE document_body_default PARTITION OF document_body DEFAULT;

-- Answers to whole requests that named an Idempotency-Key, written with their documents.
CREATE TABLE idempotency (
  company      text        NOT NULL,
  route        text        NOT NULL,
  key          text        NOT NULL CHECK (length(key) <= 128),
  fingerprint  bytea       NOT NULL,                 -- SHA-256 of the request's body
  status       integer     NOT NULL,
  content_type text        NOT NULL,
  answer       bytea       NOT NULL,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (company, route, key)
);
CREATE INDEX idempotency_created_at ON idempotency USING brin (created_at);
