"""Why is this here?"""

from flask import Response, request

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.why import awaited, reasons_for
from helpdesk.tickets.queries import ticket_for
from helpdesk.ui import show


@bp.get("/desk/tickets/<int:number>/why")
@staff_only
def why(number: int) -> Response:
    """Every decision about the ticket that no person took; a piece where the script asks."""
    ticket = ticket_for(me(), number)
    cursor = request.args.get("before")
    return show(
        "desk/why.html",
        "desk/_why.html",
        ticket=ticket,
        reasons=reasons_for(ticket, cursor),
        awaited=awaited(ticket) if cursor is None else (),
        links=me().is_manager,
    )
