"""Measures the pages beside their floor, on both databases: `make bench`."""
