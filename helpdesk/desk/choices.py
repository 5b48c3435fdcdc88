"""Lists to choose from, drawn once for as long as the names in them stay the same."""

from collections.abc import Mapping

from markupsafe import Markup

from helpdesk.desk.filters import Filters
from helpdesk.desk.people import People
from helpdesk.tickets.models import Priority
from helpdesk.ui import Drawing

_OPTIONS = Drawing("desk/_options.html", "names", "chosen", keep=256)
_FILTERS = Drawing("desk/_filter_form.html", "filters", "agents", "teams", "priorities", keep=256)


def options(names: Mapping[int, str], chosen: int | None) -> Markup:
    """The options of a select of these names by id; every ticket offers the same."""
    return _OPTIONS(tuple(names.items()), chosen)


def filter_form(filters: Filters, people: People) -> Markup:
    """The form that narrows the queue, with what is chosen."""
    agents, teams = tuple(people.agents.items()), tuple(people.teams.items())
    return _FILTERS(filters, agents, teams, tuple(Priority))
