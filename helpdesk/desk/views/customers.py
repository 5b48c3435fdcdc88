"""Customers: the list, and one record with everything that is known."""

from flask import Response, current_app, request, url_for

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.churn.queries import open_flag
from helpdesk.core.security import new_token
from helpdesk.core.text import clean
from helpdesk.customers.consent import CHANNEL_WORDS, VALUE_WORDS
from helpdesk.customers.duplicates import duplicates_of
from helpdesk.customers.fields import PREFIX, filled_on
from helpdesk.customers.queries import customer_by_id, merged_into
from helpdesk.desk import drawings
from helpdesk.desk.chapters import CHOICE_WORDS, FLAG_WORDS, NOTHING_YET
from helpdesk.desk.courses import courses_of
from helpdesk.desk.directory import directory
from helpdesk.desk.history import KINDS, history_of
from helpdesk.desk.panels import health_of, last_responses
from helpdesk.desk.queue import TONES
from helpdesk.desk.search import LONGEST
from helpdesk.desk.sentences import STATUS_WORDS
from helpdesk.desk.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers")
@staff_only
def customers() -> Response:
    wanted = clean(request.args.get("q", ""))[:LONGEST]
    found = directory(wanted, _id("after"), _id("before"))
    may_import = me().is_manager and "customers.import_list" in current_app.view_functions
    return show(
        "desk/customers.html",
        wanted=wanted,
        found=found,
        import_url=url_for("customers.import_list") if may_import else None,
        older_url=found.after and url_for("desk.customers", q=wanted or None, after=found.after),
        newer_url=found.before and url_for("desk.customers", q=wanted or None, before=found.before),
    )


@bp.get("/desk/customers/<int:customer_id>")
@staff_only
def customer(customer_id: int) -> Response:
    found = customer_by_id(customer_id)
    if found.merged_into_id is not None:
        kept = customer_by_id(found.merged_into_id)
        return show("customers/merged_away.html", customer=found, kept=kept)
    kind = request.args.get("kind") or None
    history = history_of(me(), customer_id, kind, request.args.get("before"))
    filled = filled_on(found)
    labels = {f"{PREFIX}{one.field.key}"[:40]: one.field.label for one in filled}
    flag = open_flag(customer_id) if found.flagged_at else None
    flag_url = url_for("churn.flag", flag_id=flag.id) if flag else None
    return show(
        "desk/customer.html",
        piece="desk/_history.html",
        customer=found,
        form_key=new_token(),
        health=drawings.health(
            health_of(me(), customer_id), found.flagged_at is not None, flag_url
        ),
        responses=last_responses(me(), customer_id, 5),
        merged=merged_into(customer_id),
        perhaps=duplicates_of(customer_id),
        history=history,
        kind=kind,
        kinds=list(KINDS),
        nothing_yet=NOTHING_YET,
        courses=courses_of(me(), customer_id),
        flag_words=FLAG_WORDS,
        choice_words=CHOICE_WORDS | labels,
        filled=filled,
        yes_no=VALUE_WORDS,
        channel_words=CHANNEL_WORDS,
        tones=TONES,
        status_words=STATUS_WORDS,
        earlier_url=history.older
        and url_for("desk.customer", customer_id=customer_id, kind=kind, before=history.older),
    )


def _id(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
