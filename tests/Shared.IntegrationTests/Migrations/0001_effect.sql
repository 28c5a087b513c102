-- What the test's handlers did; nothing is unique, so that what is done twice shows.
CREATE TABLE effect (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_no text   NOT NULL CHECK (order_no <> 'poison')
);
