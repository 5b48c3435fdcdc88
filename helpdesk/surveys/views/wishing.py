"""Choosing when to be asked: by the link in a mail, in one press, or signed in."""

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.models import Role
from helpdesk.accounts.sessions import me, only
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.customers.models import Customer
from helpdesk.customers.queries import customer_of
from helpdesk.surveys.forms import LinkedWishForm, WishForm
from helpdesk.surveys.languages import BASE, languages, words_in
from helpdesk.surveys.links import invitation_behind
from helpdesk.surveys.portal import open_questions
from helpdesk.surveys.views import bp
from helpdesk.surveys.views.answering import closed
from helpdesk.surveys.views.shell import show_in
from helpdesk.surveys.wishes import Wish, choose, wish_of


@bp.get("/surveys/<token>/preferences")
def preferences(token: str) -> Response:
    """When this customer is asked; works without signing in, also long after the survey closed."""
    invitation = invitation_behind(token)
    if invitation is None:
        return closed(None)
    return _page(invitation.customer, LinkedWishForm(formdata=None), token)


@bp.post("/surveys/<token>/preferences")
def choose_preferences(token: str) -> AnyResponse:
    """Ask them as they wish from now on."""
    invitation = invitation_behind(token)
    if invitation is None:
        return closed(None)
    form = LinkedWishForm()
    if not form.validate():
        return _page(invitation.customer, form, token, status=422)
    choose(invitation.customer, Wish(form.wish.data))
    return redirect(
        url_for("surveys.preferences", token=token, saved=1, lang=request.form.get("lang")), 303
    )


@bp.get("/surveys/<token>/unsubscribing")
def unsubscribe(token: str) -> AnyResponse:
    """Where a mail program leads a person; only a press there changes something."""
    return redirect(url_for("surveys.preferences", token=token), 303)


@bp.post("/surveys/<token>/unsubscribing")
def unsubscribe_one_click(token: str) -> Response:
    """What a mail program posts by itself when a person unsubscribes there (RFC 8058)."""
    invitation = invitation_behind(token)
    if invitation is None:
        return closed(None)
    if request.form.get("List-Unsubscribe") != "One-Click":
        raise Invalid("Nothing was changed: this address is for mail programs.")
    choose(invitation.customer, Wish.NONE)
    return Response("You will not be asked again.\n", mimetype="text/plain")


@bp.get("/my/surveys")
@only(Role.CUSTOMER)
def my_preferences() -> Response:
    """The same for somebody who is signed in."""
    return _page(_myself(), WishForm(formdata=None))


@bp.post("/my/surveys")
@only(Role.CUSTOMER)
def choose_my_preferences() -> AnyResponse:
    """Ask me as I wish from now on."""
    form = WishForm()
    if not form.validate():
        return _page(_myself(), form, status=422)
    choose(_myself(), Wish(form.wish.data), by=me())
    return redirect(url_for("surveys.my_preferences", saved=1), 303)


def _myself() -> Customer:
    customer = customer_of(me())
    if customer is None:
        raise NotFound("There is no customer record for this account.")
    return customer


def _page(
    customer: Customer, form: WishForm, token: str | None = None, status: int = 200
) -> Response:
    at_present = wish_of(customer)
    words = words_in(_language(customer) if token else BASE)
    form.say(words)
    if form.wish.data is None:
        form.wish.data = at_present.value
    return show_in(
        words,
        "surveys/preferences.html",
        status=status,
        form=form,
        token=token,
        at_present=at_present,
        paused_until=customer.survey_paused_until,
        saved="saved" in request.args and status == 200,
        open_questions=[] if token else open_questions(customer),
    )


def _language(customer: Customer) -> str:
    chosen = request.values.get("lang", "")
    return chosen if chosen in languages() else customer.language
