-- Keys sort by bytes (COLLATE "C"), so that pages come out the same on every server.

-- The companies of the zone. The code is what documents carry as ebpCode, ebcCode, payCode, logisticsCode.
CREATE TABLE company (
  code       text        COLLATE "C" PRIMARY KEY CHECK (length(code) IN (10, 18)),   -- customs registration or unified social credit
  name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  roles      text[]      NOT NULL CHECK (cardinality(roles) > 0),        -- sorted, each once
  trade_mode integer     CHECK (trade_mode IN (1210, 1239, 9610)),       -- the mode a seller filed for its goods
  note       text        CHECK (length(note) <= 1000),
  version    integer     NOT NULL,                                       -- counts the changes, from 1
  changed_at timestamptz NOT NULL
);

-- What a company's systems show to the gateway. The secret itself is known to its holder only.
CREATE TABLE api_key (
  id            text        PRIMARY KEY CHECK (length(id) = 12),
  company       text        COLLATE "C" NOT NULL REFERENCES company (code),
  role          text        NOT NULL,
  environment   text        NOT NULL CHECK (environment IN ('live', 'test')),
  secret_sha256 bytea       NOT NULL CHECK (length(secret_sha256) = 32),
  note          text        CHECK (length(note) <= 1000),
  created_at    timestamptz NOT NULL,
  revoked_at    timestamptz
);
CREATE INDEX api_key_company ON api_key (company, role, created_at);

-- Goods filed by a seller (备案): once filed, shared by all.
CREATE TABLE goods (
  seller_code             text          COLLATE "C" NOT NULL REFERENCES company (code),
  item_no                 text          COLLATE "C" NOT NULL CHECK (length(item_no) BETWEEN 1 AND 30),   -- CEB311 itemNo
  hs_code                 text          NOT NULL CHECK (hs_code ~ '^[0-9]{10}$'),
  name                    text          NOT NULL CHECK (length(name) <= 250),
  model                   text          CHECK (length(model) <= 510),
  unit                    text          NOT NULL CHECK (length(unit) = 3),                   -- declared unit, customs code
  legal_unit              text          CHECK (length(legal_unit) = 3),                      -- first legal unit
  legal_quantity_per_unit numeric(19,5) CHECK (legal_quantity_per_unit > 0),
  net_weight_kg_per_unit  numeric(19,5) CHECK (net_weight_kg_per_unit > 0),
  origin_country          text          NOT NULL CHECK (length(origin_country) = 3),
  version                 integer       NOT NULL,                                            -- counts the changes, from 1
  changed_at              timestamptz   NOT NULL,
  PRIMARY KEY (seller_code, item_no)
);
