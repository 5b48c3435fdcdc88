"""What the doors of this package are hung in."""

from flask import Blueprint, request

from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import visitor
from helpdesk.customers import visits

bp = Blueprint("portal", __name__, template_folder="../templates")


@bp.before_request
def note_visit() -> None:
    """A customer who is signed in is here today."""
    account = visitor() if request.method == "GET" else None
    if account is not None and account.role is Role.CUSTOMER:
        visits.note(account)
