-- Cards that are due, by where they hang: whoever sends them steps from channel to channel.
CREATE INDEX card_lane
  ON card (surface || ' ' || coalesce(address ->> 'channel', address ->> 'url', ''), due_at)
  WHERE due_at IS NOT NULL;
DROP INDEX card_due;
