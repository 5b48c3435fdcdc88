"""Who may leave, why we think so, and what would change it."""
