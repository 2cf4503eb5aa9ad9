"""Ladders and calendars: which letter is due, when it may leave, and why one is not sent (pure)."""
