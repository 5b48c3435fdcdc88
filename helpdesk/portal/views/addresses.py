"""Links to addresses that the staff wrote down: whoever reads mail there says that it is theirs."""

from flask import Response

from helpdesk.customers import writing_to
from helpdesk.customers.writing_to import Taken
from helpdesk.portal import throttle
from helpdesk.portal.privacy import private
from helpdesk.portal.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/addresses/<token>")
@private
def asked_address(token: str) -> Response:
    """The question, with a button: programs that look into mail open links."""
    throttle.may_try_links()
    asked = writing_to.asked_behind(token)
    if asked is None:
        return show("portal/address.html", status=410, state="gone", token=token)
    mine = writing_to.is_of_owner(asked, token)
    done = asked.confirmed_at if mine else asked.agreed_at
    return show(
        "portal/address.html",
        state="waits" if done else "asked",
        token=token,
        email=asked.email,
        mine=mine,
    )


@bp.post("/addresses/<token>")
@private
def press_address(token: str) -> Response:
    """The button was pressed."""
    throttle.may_try_links()
    asked = writing_to.asked_behind(token, to_press=True)
    if asked is None:
        return show("portal/address.html", status=410, state="gone", token=token)
    email, mine = asked.email, writing_to.is_of_owner(asked, token)
    try:
        state = "added" if writing_to.press(asked, token) else "waits"
    except Taken:
        # Whose it is by now is nobody's business here; the staff see it on their page.
        state = "kept"
    return show("portal/address.html", state=state, token=token, email=email, mine=mine)
