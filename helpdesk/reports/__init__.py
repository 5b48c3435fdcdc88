"""Count things, with their n and their range, and show them."""
