-- Made anew for speed. Nothing is thrown away silently: where there are data, this refuses.
DO $$ BEGIN
  IF EXISTS (SELECT FROM document) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
DROP TABLE document;

-- What the intake services told us of the documents of an order number, a row for each transaction that brought news.
-- Rows are added, none is changed: of each document the newest version counts (Dossier).
CREATE TABLE dossier (
  payment  bigint,                                   -- hash of the payment's number (RiskRules.PaymentOf); null where none came
  order_no text   NOT NULL COLLATE "C",
  notes    bytea  NOT NULL                           -- MessagePack, see Notes: keys, amounts, blind indexes, masks
);
CREATE INDEX dossier_order_no ON dossier (order_no);
CREATE INDEX dossier_payment ON dossier (payment) WHERE payment IS NOT NULL;
