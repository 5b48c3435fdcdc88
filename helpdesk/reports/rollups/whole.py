"""Who counts for everybody."""

from __future__ import annotations

from helpdesk.reports.access import Reader
from helpdesk.reports.subjects import Condition, Measure


class Everything(Reader):
    """Whoever keeps and checks figures sees all rows; it is nobody's account."""

    def __init__(self) -> None:
        """Without an account."""

    @property
    def is_manager(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return True

    @property
    def closed_teams(self) -> frozenset[int]:
        return frozenset()

    def sees(self, measure: Measure) -> list[Condition]:
        """Everything."""
        return []
