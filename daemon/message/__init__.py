"""What arrived: from raw bytes to labelled lines, sentences, URLs, tickets and signals.  Pure."""
