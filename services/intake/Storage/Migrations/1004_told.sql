-- What others are told of later versions: the times of the first, and the order numbers that were named before.
-- Nothing is guessed for data of before: where there are some, this refuses.
DO $$ BEGIN
  IF EXISTS (SELECT FROM document) THEN
    RAISE EXCEPTION 'These data are of a version before the first release and cannot be read any more. To begin anew: ./sandan down, then delete .sandan.';
  END IF;
END $$;
ALTER TABLE document
  ADD COLUMN app_time_stated boolean NOT NULL,       -- false where the sender left appTime out: it is the time of receipt then
  ADD COLUMN order_no        text COLLATE "C";       -- that a change may replace: of payments and waybills
