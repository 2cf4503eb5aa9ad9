"""Speed as ratios within one run, correctness checked in the same run."""
