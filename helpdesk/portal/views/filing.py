"""Filing a request, signed in or not."""

from flask import Response, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.forms import refuse
from helpdesk.accounts.mailwords import spoken
from helpdesk.accounts.sessions import visitor
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.settings import settings
from helpdesk.portal import actions, asking, queries, throttle
from helpdesk.portal.drafts import Draft, owner_of_visit
from helpdesk.portal.forms import RequestForm, StrangerRequestForm
from helpdesk.portal.views.blueprint import bp
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Ticket
from helpdesk.ui import show

TOO_MANY = (
    "Many requests came from you just now, so this one waits here. Send it in an hour, or add to"
    " one of those you sent before. What you wrote is kept on this page."
)
AGAIN = "That did not work at the first try. Please press the button once more."


@bp.get("/requests/new")
def new_request() -> Response:
    return filing_page()


def filing_page() -> Response:
    """The empty form."""
    return _page(_form(), Draft.begin(owner_of_visit()))


@bp.post("/requests")
def file_request() -> AnyResponse:
    form, draft = _form(), Draft.sent(owner_of_visit())
    try:
        draft.keep(form.files.data or [])
    except Invalid as error:
        form.validate()
        refuse(form.files, error.message)
        return _page(form, draft, 422)
    if not form.validate():
        return _page(form, draft, 422)
    try:
        asking.check()
    except Invalid as error:
        return _page(form, draft, 422, error.message)
    return _filed_before(form, draft) or _file(form, draft)


def _file(form: RequestForm, draft: Draft) -> AnyResponse:
    email = _email(form)
    if not throttle.may_file(email):
        return _page(form, draft, 429, TOO_MANY)
    try:
        language = spoken(request.accept_languages)
        customer = actions.customer_who_files(visitor(), _name(form), email, language)
        ticket = conversation.file(
            customer,
            form.subject.data,
            form.message.data,
            by=visitor(),
            attachments=draft.files(),
            filing_key=_once(form, draft),
        )
        asking.fill_in(ticket, by=visitor())
    except Conflict:  # a second press was faster, or a second request made the same customer
        abandon()
        return _filed_before(form, draft) or _page(form, draft, 409, AGAIN)
    return _next(ticket, email)


def _filed_before(form: RequestForm, draft: Draft) -> AnyResponse | None:
    ticket = queries.filed_with(_once(form, draft))
    return _next(ticket, _email(form)) if ticket else None


def _next(ticket: Ticket, email: str) -> AnyResponse:
    """Whoever is signed in sees the request; anybody else reads what happens next."""
    if visitor() is not None:
        flash("Your request is with us.")
        return redirect(url_for("portal.request_page", number=ticket.id), 303)
    session["filed"] = {"number": ticket.id, "email": email}
    return redirect(url_for("portal.filed"), 303)


@bp.get("/requests/filed")
def filed() -> AnyResponse:
    if (what := session.get("filed")) is None:
        return redirect("/", 303)
    outbox = url_for("mail.outbox", to=what["email"]) if settings().demo else None
    return show(
        "portal/filed.html", filed=what, support_hours=settings().support_hours, outbox=outbox
    )


def _form() -> RequestForm:
    account = visitor()
    if account is not None and account.is_staff:
        raise Forbidden("This page is for customers. The staff files tickets at the desk.")
    return RequestForm() if account else StrangerRequestForm()


def _email(form: RequestForm) -> str:
    account = visitor()
    return account.email if account else str(form["email"].data)


def _name(form: RequestForm) -> str:
    account = visitor()
    return account.name if account else str(form["name"].data)


def _once(form: RequestForm, draft: Draft) -> str:
    return draft.once(_email(form), form.subject.data, form.message.data)


def _page(form: RequestForm, draft: Draft, status: int = 200, refusal: str = "") -> Response:
    return show(
        "portal/new_request.html",
        status=status,
        form=form,
        draft=draft,
        files=draft.files() if request.method == "POST" else [],
        refusal=refusal,
        asked=asking.asked(),
        given=request.form,
        support_hours=settings().support_hours,
        most_files=settings().max_uploads,
        largest_mb=settings().max_upload_mb,
    )
