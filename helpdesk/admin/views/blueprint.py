"""What the pages of administrators have in common."""

from flask import Blueprint, url_for

from helpdesk.ui.rail import RailItem

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="../templates")

PLACES = (
    ("People", "admin.people"),
    ("Teams", "admin.teams"),
    ("Assignment", "admin.assignment_page"),
    ("Business hours", "admin.hours_list"),
    ("SLA policies", "admin.policies"),
    ("Ticket types", "admin.ticket_types"),
    ("Record fields", "admin.record_fields"),
    ("Organizations", "admin.organizations"),
    ("Mail", "intake.setup"),
    ("Erasures", "privacy.erasure_list"),
    ("Keeping", "privacy.retention_rules"),
    ("Waiting and parked work", "admin.work"),
)


@bp.app_template_global("admin_places")
def places(here: str) -> list[RailItem]:
    """The pages of administrators, as tabs."""
    return [
        RailItem(label, url_for(endpoint), current=endpoint == here) for label, endpoint in PLACES
    ]
