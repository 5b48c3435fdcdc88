"""A weight-of-evidence scorecard in plain Python: bins with points that add up to a chance."""
