"""From checked tables to the database people read: build a snapshot, swap it in, keep the last few."""
