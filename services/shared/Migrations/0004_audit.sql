-- The audit trail (AuditTrail). Where an administrator has put it into the template of new databases
-- (deploy/postgres/audit-owner.sql), it is there already, and belongs to a role that the services are not.
DO $$ BEGIN
  IF to_regclass('audit.entry') IS NULL THEN
    CREATE SCHEMA audit;
    CREATE TABLE audit.entry (
      number  bigint      PRIMARY KEY CHECK (number >= 1),
      at      timestamptz NOT NULL,
      client  text        NOT NULL,
      company text        NOT NULL,
      role    text        NOT NULL,
      action  text        NOT NULL,
      subject text        NOT NULL,
      reason  text,
      trace   text,
      hash    bytea       NOT NULL CHECK (length(hash) = 32)
    );
  END IF;
END $$;
