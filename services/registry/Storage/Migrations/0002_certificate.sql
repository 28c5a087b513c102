-- By which companies sign their messages. Public: the private keys are on their cards.
CREATE TABLE certificate (
  company       text        COLLATE "C" NOT NULL REFERENCES company (code),
  id            text        NOT NULL CHECK (length(id) = 16),   -- of CebCertificate: from its SHA-256
  der           bytea       NOT NULL,
  note          text        CHECK (length(note) <= 1000),
  registered_at timestamptz NOT NULL,
  revoked_at    timestamptz,
  PRIMARY KEY (company, id)
);
