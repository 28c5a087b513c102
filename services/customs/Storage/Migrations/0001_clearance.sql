-- One row per consignment before customs: the newest verdict, the newest assessment, the decision that stands. Verdict
-- and assessment come over two queues in any order, so either may make the row. Keys sort as bytes ("C"), in the
-- database as in the program: every transaction takes its locks in the same order.
CREATE TABLE clearance (
  platform_code          text COLLATE "C" NOT NULL CHECK (length(platform_code) <= 50),
  order_no               text COLLATE "C" NOT NULL CHECK (length(order_no) <= 60),   -- unique on one platform only (CEB311)
  number                 bigint      GENERATED ALWAYS AS IDENTITY,                   -- order of first sight, for paging
  revision               int         NOT NULL,            -- of the newest verdict; 0 where only tax came yet
  state                  smallint    NOT NULL,            -- ConsignmentState
  mode                   int,                             -- tradeMode 1210, 1239, 9610
  seller_code            text,
  payment_company_code   text,
  logistics_company_code text,
  risk_severity          smallint,                        -- RiskSeverity of the worst risk, and its rule
  risk_rule              text,
  judged                 bytea,                           -- discrepancies, risks, amounts: JSON
  tax_revision           int         NOT NULL,            -- revision that was assessed; 0 where none
  tax_attempt            int         NOT NULL,
  tax_route              smallint,                        -- TaxRoute
  tax_reason             text,
  assessed               bytea,                           -- amounts, reasons, lines: JSON
  status                 smallint    CHECK (status IN (100, 120, 300, 500, 800)),    -- returnStatus; null: nothing decided
  code                   text,
  decision               int         NOT NULL,            -- counts the decisions
  decided_revision       int         NOT NULL,
  decided_at             timestamptz,
  decided_by             text,                            -- rules, or the client id of the officer's key
  reason                 text        CHECK (length(reason) <= 500),                  -- the officer's
  released_at            timestamptz,
  PRIMARY KEY (platform_code, order_no),
  CHECK ((status IS NULL) = (decision = 0))
);
CREATE UNIQUE INDEX clearance_number ON clearance (number);

-- What waits for an officer: few rows among many.
CREATE INDEX clearance_desk ON clearance (number) WHERE status IN (300, 500);

-- Who may see which consignment, in the order of paging. A row stays when a company is replaced: readers look at
-- clearance too.
CREATE TABLE clearance_party (
  company text   NOT NULL,
  number  bigint NOT NULL,
  PRIMARY KEY (company, number)
);

-- Every decision ever taken. Append only: an audit reads it.
CREATE TABLE decision (
  platform_code   text COLLATE "C" NOT NULL,
  order_no        text COLLATE "C" NOT NULL,
  decision        int         NOT NULL CHECK (decision > 0),
  revision        int         NOT NULL,
  status          smallint    NOT NULL,
  previous_status smallint,
  code            text        NOT NULL,
  rule            text        NOT NULL,                   -- the rule that gave it, or officer-release …
  decided_at      timestamptz NOT NULL,
  decided_by      text        NOT NULL,
  reason          text,
  PRIMARY KEY (platform_code, order_no, decision)
);

CREATE FUNCTION decision_is_final() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'A decision is never changed or deleted.'; END $$;
CREATE TRIGGER decision_is_final BEFORE UPDATE OR DELETE ON decision EXECUTE FUNCTION decision_is_final();
