-- What is to be published. A row is written in the transaction that it tells of, and deleted when the broker has
-- confirmed it; nothing else is ever done to it, so no reader can skip a row that became visible late.
CREATE TABLE outbox (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id  uuid        NOT NULL,
  event       text        NOT NULL,                  -- name of the event type: OrdersAccepted
  body        bytea       NOT NULL,                  -- the event as JSON; goes to the broker as it is
  traceparent text,                                  -- W3C trace context of the request or message that caused it
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- Messages already worked in. The row and the effect are one transaction: a redelivered message does nothing.
CREATE TABLE inbox (
  message_id uuid        PRIMARY KEY,
  queue      text        NOT NULL,
  worked_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_worked_at ON inbox USING brin (worked_at);

-- Items that could not be worked in for a reason that will not pass by itself. Their neighbours went on.
CREATE TABLE parked (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id uuid        NOT NULL,
  queue      text        NOT NULL,
  item       jsonb       NOT NULL,
  reason     text        NOT NULL,
  parked_at  timestamptz NOT NULL DEFAULT now()
);
