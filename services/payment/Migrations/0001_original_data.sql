-- Payment-related original data (GACC announcement 2018-179). The data themselves lie in document_block under the same id and
-- received_at, and end with it; here is how they are found.

-- What platforms deposited: a row per payment transaction.
CREATE TABLE original_payment (
  id                 uuid        PRIMARY KEY,          -- version 7: sorts by time
  ebp_code           text        NOT NULL COLLATE "C", -- the platform, from its key
  pay_code           text        NOT NULL COLLATE "C",
  pay_transaction_id text        NOT NULL COLLATE "C",
  content_hash       bytea       NOT NULL CHECK (length(content_hash) = 32),
  received_at        timestamptz NOT NULL,
  UNIQUE (ebp_code, pay_code, pay_transaction_id)
);
CREATE TABLE original_payment_order (
  ebp_code text NOT NULL COLLATE "C",
  order_no text NOT NULL COLLATE "C",
  payment  uuid NOT NULL REFERENCES original_payment,
  PRIMARY KEY (ebp_code, order_no, payment)
);

-- Addresses that platforms gave to customs, by the hash of their token.
CREATE TABLE plat_data_open_address (
  id         uuid        PRIMARY KEY,
  ebp_code   text        NOT NULL COLLATE "C",
  token_hash bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  made_at    timestamptz NOT NULL
);

-- What customs asked a platform for, and what became of it.
CREATE TABLE original_request (
  id              uuid        PRIMARY KEY,
  ebp_code        text        NOT NULL COLLATE "C",
  order_no        text        NOT NULL COLLATE "C",
  session_id      text        NOT NULL,
  asked_at        timestamptz NOT NULL,
  state           text        NOT NULL CHECK (state IN ('waitingForData', 'waitingForKey', 'sending', 'accepted', 'refused')),
  next_attempt_at timestamptz,                         -- null where nothing is to be done
  attempts        integer     NOT NULL DEFAULT 0,      -- uploads begun
  refusals        integer     NOT NULL DEFAULT 0,      -- answers of another code than 10000
  answer_code     text,                                -- last answer of customs
  answer_message  text,
  trouble         text,                                -- why the last upload had no answer
  ended_at        timestamptz,
  UNIQUE (ebp_code, order_no, session_id)
);
CREATE INDEX original_request_due ON original_request (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX original_request_of ON original_request (ebp_code, id);

-- The side of customs: where platforms are asked,
CREATE TABLE original_platform (
  ebp_code       text        PRIMARY KEY COLLATE "C",
  plat_data_open text        NOT NULL,
  changed_at     timestamptz NOT NULL
);

-- … and what was asked, answered and found.
CREATE TABLE original_inquiry (
  id              uuid        PRIMARY KEY,
  session_id      text        NOT NULL UNIQUE CHECK (length(session_id) <= 36),
  ebp_code        text        NOT NULL COLLATE "C",
  order_no        text        NOT NULL COLLATE "C",
  made_at         timestamptz NOT NULL,
  state           text        NOT NULL CHECK (state IN ('asking', 'asked', 'notAsked', 'uploaded')),
  next_attempt_at timestamptz,
  attempts        integer     NOT NULL DEFAULT 0,      -- calls of platDataOpen begun
  answer_code     text,                                -- last answer of the platform
  answer_message  text,
  trouble         text,                                -- why the last call had no answer
  refused_code    text,                                -- why the last upload was refused
  refused_at      timestamptz,
  received_at     timestamptz,                         -- of the upload that was taken; document_block has it
  content_hash    bytea,
  findings        text                                 -- JSON: codes with both values
);
CREATE INDEX original_inquiry_due ON original_inquiry (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX original_inquiry_order ON original_inquiry (order_no);
