"""Rules: what happens to tickets by itself, and why it happened."""
