"""Ask customers how it went, and read their answers honestly."""
