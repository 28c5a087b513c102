-- Released consignments, until their parcel is found signed for when the time for it is over; the rest stay, as told (R08).
CREATE TABLE released (
  platform_code text        NOT NULL,
  order_no      text        NOT NULL,
  revision      integer     NOT NULL,                -- of the verdict that was released: it names the waybill
  released_at   timestamptz NOT NULL,
  told_at       timestamptz,                         -- when its delivery was told to be overdue; null while it is not
  PRIMARY KEY (platform_code, order_no)
);
CREATE INDEX released_open ON released (released_at) WHERE told_at IS NULL;
