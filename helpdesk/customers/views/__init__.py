"""Pages about records: editing, merging, taking over from tables."""

from helpdesk.customers.views import (
    addresses,
    consent,
    fields,
    imports,
    merging,
    organizations,
    papers,
    quality,
    reaching,
    records,
)
from helpdesk.customers.views.blueprint import bp

__all__ = [
    "addresses",
    "bp",
    "consent",
    "fields",
    "imports",
    "merging",
    "organizations",
    "papers",
    "quality",
    "reaching",
    "records",
]
