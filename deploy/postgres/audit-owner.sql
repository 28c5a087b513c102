-- Takes the audit trail out of the hands of the services: they may read and add, nothing else. Run by an administrator behind
-- services/shared/Migrations/0004_audit.sql: on template1 before the first start, which every database made later then
-- copies, or on each database that is there already. Safe to repeat.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sandan_audit') THEN
    CREATE ROLE sandan_audit NOLOGIN;
  END IF;
END $$;

ALTER SCHEMA audit OWNER TO sandan_audit;

ALTER TABLE audit.entry OWNER TO sandan_audit;

GRANT USAGE ON SCHEMA audit TO pg_database_owner;

REVOKE ALL ON audit.entry FROM pg_database_owner;

GRANT SELECT, INSERT ON audit.entry TO pg_database_owner;
