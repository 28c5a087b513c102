-- Events are MessagePack from here on; those of before cannot be read any more.
DO $$ BEGIN
  IF EXISTS (SELECT FROM outbox) OR EXISTS (SELECT FROM inbox) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;

-- An outbox row lives for milliseconds: not worth the time that compressing takes.
ALTER TABLE outbox ALTER COLUMN body SET STORAGE EXTERNAL;
COMMENT ON COLUMN outbox.body IS 'the event as MessagePack; goes to the broker as it is';
