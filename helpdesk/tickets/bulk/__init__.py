"""Bulk edits: one list of changes for very many tickets, done by a job and taken back if wanted."""
