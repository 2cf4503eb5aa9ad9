"""Notices, takedowns, ESPs, and which notice a reply belongs to.  Pure."""
