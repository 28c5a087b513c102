-- CEB818 of a tax bill that is summed up or void; of each bill there is one.
ALTER TABLE tax_bill_void RENAME TO tax_bill_status;
ALTER TRIGGER tax_bill_void_is_final ON tax_bill_status RENAME TO tax_bill_status_is_final;

-- Bills that are neither yet, with the moment from which on they may be summed up.
CREATE TABLE tax_bill_open (
  invt_no text        NOT NULL COLLATE "C" PRIMARY KEY,
  due_at  timestamptz NOT NULL
);
CREATE INDEX tax_bill_open_due ON tax_bill_open (due_at);
INSERT INTO tax_bill_open (invt_no, due_at)
SELECT invt_no, (date_trunc('day', decided_at AT TIME ZONE 'Asia/Shanghai') + interval '32 days') AT TIME ZONE 'Asia/Shanghai'
FROM inventory WHERE status = '800' AND invt_no IN (SELECT invt_no FROM tax_bill) AND invt_no NOT IN (SELECT invt_no FROM tax_bill_status);
