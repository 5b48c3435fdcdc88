"""The heart: tickets, their messages, and what may be done to them."""
