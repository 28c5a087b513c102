-- Messages that wait for each other are worked in together, and good news is counted over all of them.
COMMENT ON COLUMN record.message_id IS 'one of the messages that were worked in together; see inbox';
