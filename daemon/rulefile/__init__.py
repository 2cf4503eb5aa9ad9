"""rules.yaml as text in, typed blocks and problems out: nodes, slips, the field table.  Pure."""
