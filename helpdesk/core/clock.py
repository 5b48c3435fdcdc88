"""The one place that reads the time of day."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware and in UTC; tests move it with time_machine."""
    return datetime.now(UTC)
