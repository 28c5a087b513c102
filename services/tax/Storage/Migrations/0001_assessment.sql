-- What sellers filed for their goods (备案), newest version. A row of version -1 is a place kept for a filing that a
-- held consignment asks for: the filing has to pass it, so that neither can miss the other.
CREATE TABLE goods_filing (
  seller_code             text    NOT NULL,
  item_no                 text    NOT NULL,
  version                 integer NOT NULL CHECK (version >= -1),
  hs_code                 text,
  name                    text,
  unit                    text,
  legal_unit              text,
  legal_quantity_per_unit numeric,
  net_weight_kg_per_unit  numeric,
  origin_country          text,
  PRIMARY KEY (seller_code, item_no),
  CHECK (version = -1 OR (hs_code IS NOT NULL AND name IS NOT NULL AND unit IS NOT NULL))
);

-- One row per consignment: how far the matcher and customs have come with it, and the latest assessment.
CREATE TABLE assessment (
  platform_code     text          NOT NULL,
  order_no          text          NOT NULL,          -- unique on one platform only (CEB311)
  seller_code       text          NOT NULL,
  judged_revision   integer       NOT NULL DEFAULT 0, -- highest revision that came, whatever its state; older ones are ignored
  decision          integer       NOT NULL DEFAULT 0, -- highest decision of customs that rejected or took a rejection back
  rejected_revision integer,                          -- the revision that decision rejected; null where it took one back
  revision          integer,                          -- the revision assessed; this and what follows is null before the first
  attempt           integer       CHECK (attempt >= 1),
  route             text          CHECK (route IN ('Preferential', 'FullRate', 'GeneralTrade', 'Reject', 'Held')),
  cancelled         boolean       NOT NULL DEFAULT false, -- superseded or rejected: nothing is booked any more
  person_index      text,                             -- blind index of the buyer's ID number
  year              integer,                          -- calendar year of the assessment in Asia/Shanghai
  booked_cny        numeric(19,5) NOT NULL DEFAULT 0 CHECK (booked_cny >= 0),
  booked_kg         jsonb         NOT NULL DEFAULT '{}', -- group of the weight limit → kg
  dutiable_value    numeric(19,5) CHECK (dutiable_value >= 0),
  tariff            numeric(19,5) CHECK (tariff >= 0),
  vat               numeric(19,5) CHECK (vat >= 0),
  consumption_tax   numeric(19,5) CHECK (consumption_tax >= 0),
  reasons           jsonb,                            -- TaxReason[]
  lines             jsonb,                            -- TaxedLine[]
  list_from         date,                             -- first day of the positive list used
  mode              integer,                          -- supervision mode; with goods what is needed to assess again
  goods             bytea,                            -- ConsignmentGoods as JSON
  assessed_at       timestamptz,
  PRIMARY KEY (platform_code, order_no),
  CHECK (num_nulls(revision, attempt, route, person_index, year, dutiable_value, tariff, vat, consumption_tax,
                   reasons, lines, goods, assessed_at) IN (0, 13)),
  CHECK (revision <= judged_revision),
  CHECK (NOT cancelled OR (booked_cny = 0 AND booked_kg = '{}'))
);
CREATE INDEX assessment_held ON assessment (platform_code, order_no) WHERE route = 'Held' AND NOT cancelled;

-- The filed or unfiled goods of held consignments: a filing that comes or changes may free them.
CREATE TABLE missing_filing (
  seller_code   text NOT NULL,
  item_no       text NOT NULL,
  platform_code text NOT NULL,
  order_no      text NOT NULL,
  PRIMARY KEY (seller_code, item_no, platform_code, order_no)
);
CREATE INDEX missing_filing_consignment ON missing_filing (platform_code, order_no);

-- Consignments to assess again: a filing came, a rejection was taken back, the service started anew.
CREATE TABLE due (
  platform_code text NOT NULL,
  order_no      text NOT NULL,
  PRIMARY KEY (platform_code, order_no)
);

-- What a person has bought in a calendar year: the sum of the bookings in assessment. Locked before it is read.
CREATE TABLE person_year (
  person_index text          NOT NULL,
  year         integer       NOT NULL,
  used_cny     numeric(19,5) NOT NULL DEFAULT 0 CHECK (used_cny >= 0),
  used_kg      jsonb         NOT NULL DEFAULT '{}',   -- group of the weight limit → kg
  PRIMARY KEY (person_index, year)
) WITH (fillfactor = 80);
