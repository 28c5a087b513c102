-- An outbox row lives for milliseconds: not worth the time that compressing takes.
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON COLUMN outbox.body IS 'the event as MessagePack; goes to the broker as it is';
