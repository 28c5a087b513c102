-- Goods that came back (CEB625, released): what goes back to the person's year, once for each return.
CREATE TABLE goods_return (
  pre_no         text    NOT NULL COLLATE "C" PRIMARY KEY,  -- names the return
  platform_code  text    NOT NULL COLLATE "C",
  order_no       text    NOT NULL COLLATE "C",
  lines          bytea   NOT NULL,                          -- ReturnLine[] as MessagePack
  given_back_cny numeric CHECK (given_back_cny >= 0)        -- of the person's year; null until the release of the consignment is noted
);
CREATE INDEX goods_return_consignment ON goods_return (platform_code, order_no);
CREATE INDEX goods_return_waiting ON goods_return (platform_code, order_no) WHERE given_back_cny IS NULL;
