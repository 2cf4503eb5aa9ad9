"""Rendering: templates in a sandbox, and letters as RFC 5322 bytes."""
