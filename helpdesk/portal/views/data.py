"""What we keep about somebody, to be read by them."""

from flask import Response

from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import me, only
from helpdesk.customers.queries import customer_of
from helpdesk.portal.kept import kept_about
from helpdesk.portal.views.blueprint import bp
from helpdesk.surveys.wishes import wish_of
from helpdesk.ui import show


@bp.get("/my/data")
@only(Role.CUSTOMER)
def my_data() -> Response:
    customer = customer_of(me())
    return show(
        "portal/my_data.html",
        account=me(),
        customer=customer,
        kept=kept_about(customer) if customer else None,
        wish=wish_of(customer) if customer else None,
    )
