"""The weekly digest: sections that each ask one thing and word it, laid out as HTML and equal plain text."""
