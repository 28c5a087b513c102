-- Keys of the sandbox, which only the registry of a sandbox makes.
ALTER TABLE api_key DROP CONSTRAINT api_key_environment_check;
ALTER TABLE api_key ADD CONSTRAINT api_key_environment_check CHECK (environment IN ('live', 'test', 'sandbox'));

-- How far the clock of a sandbox is ahead of real time; elsewhere always 0.
CREATE TABLE sandbox_clock (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  ahead_seconds bigint  NOT NULL CHECK (ahead_seconds >= 0)
);
INSERT INTO sandbox_clock (ahead_seconds) VALUES (0);
