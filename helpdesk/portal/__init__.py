"""Everything a customer sees."""
