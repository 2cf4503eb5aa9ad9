"""What words mean: phrases compiled from rules.yaml, and the judgement of one reply, URL by URL.  Pure."""
