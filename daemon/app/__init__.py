"""The process: the rooms wired together from the settings, and the loops that run them."""
