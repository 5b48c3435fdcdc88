"""What customers are worth: what they bought, how recently and often, and what may come."""
