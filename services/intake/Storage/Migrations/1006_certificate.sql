-- By which companies sign, as the registry told: public.
CREATE TABLE certificate (
  company text    NOT NULL COLLATE "C",
  id      text    NOT NULL COLLATE "C",
  der     bytea   NOT NULL,
  revoked boolean NOT NULL,                          -- final
  PRIMARY KEY (company, id)
);
