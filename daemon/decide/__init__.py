"""One reply and what we know, in; one Decision out.  Pure: the same function serves the daemon and ``classify``."""
