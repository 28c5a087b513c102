-- What the broker has confirmed, kept for a day. Where the broker has lost its queues, or the databases were set back to
-- an earlier moment, it goes into the outbox again, and every inbox drops what it knows: docs/backup.md.
CREATE TABLE told (
  message_id uuid        NOT NULL,
  event      text        NOT NULL,
  body       bytea       NOT NULL,
  told_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX told_told_at ON told USING brin (told_at);
ALTER TABLE told ALTER COLUMN body SET STORAGE EXTERNAL;
