-- What each company did, as the platform heard of it. Rows are added and never changed; a row with a negative count
-- takes an earlier one back (a match that turns out to be a correction when the revision before it arrives late).
-- No personal data: companies, orders and rules only.
CREATE TABLE record (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  company       text        NOT NULL CHECK (company <> '' AND length(company) <= 60),
  kind          text        NOT NULL CHECK (kind IN (
                              'matched', 'corrected', 'mismatched', 'late', 'risk-watch', 'risk-hold', 'risk-block',
                              'released', 'held', 'inspected', 'rejected')),
  rule          text        NOT NULL,          -- rule, missing document, or rules/officer for a decision; '' where none
  code          text        NOT NULL,          -- code of the dictionary; '' for good news
  day           date        NOT NULL,          -- Asia/Shanghai day of occurred_at
  occurred_at   timestamptz NOT NULL,          -- by the event; the latest one where the row counts several
  count         integer     NOT NULL CHECK (count <> 0),
  platform_code text,                          -- the consignment; null where good news of a message is counted together
  order_no      text,
  revision      integer,                       -- of the verdict, or the number of the decision
  message_id    uuid        NOT NULL,          -- the message that told it; see inbox
  recorded_at   timestamptz NOT NULL DEFAULT now(),
  CHECK ((platform_code IS NULL) = (order_no IS NULL) AND (order_no IS NULL) = (revision IS NULL)),
  CHECK (order_no IS NOT NULL OR (kind IN ('matched', 'released') AND count > 0)),
  CHECK (day = (occurred_at AT TIME ZONE 'Asia/Shanghai')::date)
);

-- The latest bad entries of a company.
CREATE INDEX record_bad ON record (company, id DESC)
  WHERE kind IN ('mismatched', 'late', 'risk-watch', 'risk-hold', 'risk-block', 'held', 'inspected', 'rejected');

-- The verdicts on one consignment, to tell a match from a correction.
CREATE INDEX record_verdict ON record (platform_code, order_no)
  WHERE order_no IS NOT NULL AND kind IN ('matched', 'corrected', 'mismatched');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'record is only ever added to';
END $$;
CREATE TRIGGER record_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The record summed by day, written in the same transaction, so that a score is read from a few rows.
CREATE TABLE tally (
  company text   NOT NULL,
  day     date   NOT NULL,
  kind    text   NOT NULL,
  rule    text   NOT NULL,                     -- as in record; '' with 'mismatched' counts consignments
  count   bigint NOT NULL CHECK (count >= 0),
  PRIMARY KEY (company, day, kind, rule)
) WITH (fillfactor = 80);                      -- updated in place, again and again
