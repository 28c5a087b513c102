-- What the broker has confirmed stays where it is for a day, with a mark, instead of being written once more into a table of its own.
-- Where the broker has lost its queues, or the databases were set back to an earlier moment, the mark is taken away: docs/backup.md.
ALTER TABLE outbox RENAME TO message;
ALTER TABLE message ADD COLUMN told_at timestamptz; -- when the broker had confirmed it; null: it waits in the outbox
INSERT INTO message (message_id, event, body, created_at, told_at) SELECT message_id, event, body, told_at, told_at FROM told;
DROP TABLE told;

-- In the order of this index, and of no other, the outbox is read: never past what was told.
CREATE INDEX message_told_at ON message (told_at, id);
CREATE VIEW outbox AS
  SELECT id, message_id, event, body, traceparent, created_at FROM message WHERE told_at IS NULL;
