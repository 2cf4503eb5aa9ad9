"""The same job done by others: a plain script, Pigeonhole's sieve-filter, imapfilter; and the bare fetch."""
