"""What a rule would have done."""
