"""What everything stands on: database, journal, jobs, errors, security. No domain words."""
