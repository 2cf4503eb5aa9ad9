"""The database: tables, one transaction at a time, and verbs by subject.  Knows no other edge."""

from daemon.store import append_only as append_only  # creating the tables creates the triggers too
from daemon.store.engine import Settings, Store, open_store

__all__ = ["Settings", "Store", "open_store"]
