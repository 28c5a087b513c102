-- Ciphertext does not compress: PostgreSQL need not try.
ALTER TABLE document_body ALTER COLUMN sealed SET STORAGE EXTERNAL;
