"""Whom we help: people, their organizations, addresses, orders and notes."""
