-- Documents of a sandbox that reach the comparison later, as their order numbers ask; elsewhere always empty.
CREATE TABLE held_back (
  id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  due_at timestamptz NOT NULL,                                   -- by the sandbox's clock
  kind   text        NOT NULL,                                   -- the event's type
  body   bytea       NOT NULL                                    -- as MessagePack; nothing in it is personal
);
CREATE INDEX held_back_due ON held_back (due_at);
