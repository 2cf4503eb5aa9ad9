"""noticed: reads the answers to takedown notices, moves each URL's status, chases the silent."""

__version__ = "0.1.0"
