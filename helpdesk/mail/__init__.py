"""E-mail, and nothing of what it is about."""
