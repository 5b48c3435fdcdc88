"""The lists of the queue: those that everybody has, and those that somebody saved."""

from dataclasses import dataclass

from helpdesk.accounts.models import Account
from helpdesk.core.errors import NotFound
from helpdesk.desk.models import SavedView
from helpdesk.desk.queries import view_for
from helpdesk.desk.sorting import BY_ACTIVITY
from helpdesk.tickets.filters import Filter, FilterError, parse


@dataclass(frozen=True)
class View:
    """One list of the queue. `name` stands in its address; `empty` says what belongs there; `key`
    goes there, and a view without one does not stand in the rail."""

    name: str
    label: str
    key: str
    text: str
    empty: tuple[str, str]
    sort: str = BY_ACTIVITY
    columns: tuple[str, ...] = ()
    id: int = 0
    """Of a saved view."""
    is_mine: bool = False

    @property
    def filter(self) -> Filter:
        """What its tickets fulfil. Raises FilterError where that is not understood any more."""
        return parse(self.text)


VIEWS = {
    view.name: view
    for view in (
        View(
            "mine",
            "Mine",
            "g m",
            "is:open assignee:me -is:snoozed",
            ("Nothing waits for you", "Tickets that are assigned to you stand here."),
        ),
        View(
            "unassigned",
            "Unassigned",
            "g u",
            "is:open assignee:none -is:snoozed",
            ("Every ticket has somebody", "New requests stand here until an agent takes them."),
        ),
        View(
            "open",
            "All open",
            "g a",
            "is:open -is:snoozed",
            ("Nothing is open", "Everything that is neither resolved nor closed stands here."),
        ),
        View(
            "waiting",
            "Waiting",
            "g w",
            "status:pending",
            ("Nobody owes us an answer", "Tickets that wait for the customer stand here."),
        ),
        View(
            "snoozed",
            "Snoozed",
            "g z",
            "is:open is:snoozed",
            ("Nothing is put aside", "Tickets that are snoozed stand here until they come back."),
        ),
        View(
            "resolved",
            "Resolved",
            "g r",
            "status:resolved",
            (
                "Nothing was resolved lately",
                "Resolved tickets stand here for some days, then they close.",
            ),
        ),
        View("all", "All tickets", "", "", ("There is no ticket yet", "Every ticket stands here.")),
    )
}
IN_RAIL = [view for view in VIEWS.values() if view.key]


def view_named(name: str, viewer: Account) -> View:
    """A view by what its address holds: a name, or the number of a saved one.

    Raises NotFound when there is none for `viewer`.
    """
    if name in VIEWS:
        return VIEWS[name]
    if not (name.isascii() and name.isdigit() and len(name) < 19):
        raise NotFound("There is no such view.")
    return _of(view_for(viewer, int(name)), viewer)


def _of(saved: SavedView, viewer: Account) -> View:
    return View(
        str(saved.id),
        saved.name,
        "",
        saved.text,
        ("Nothing fits this view", "Tickets that fulfil its filter stand here."),
        saved.sort,
        tuple(saved.columns),
        saved.id,
        saved.may_be_changed_by(viewer),
    )


def is_understood(view: View, viewer: Account) -> FilterError | None:
    """What is wrong with the filter of a saved view: somebody or something in it may be gone."""
    try:
        view.filter.check(viewer)
    except FilterError as error:
        return error
    return None
