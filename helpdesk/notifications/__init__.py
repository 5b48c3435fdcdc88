"""Telling agents what concerns them: in the page, and by mail as each of them prefers."""
