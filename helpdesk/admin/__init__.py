"""What an administrator looks after: people, teams, parked work."""
