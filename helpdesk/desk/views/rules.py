"""Rules: written, tried, switched on and off, put in order, removed."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Forbidden, HelpdeskError, Invalid
from helpdesk.desk import rulebook
from helpdesk.desk.filters import explained
from helpdesk.desk.views.blueprint import bp
from helpdesk.desk.views.changing import change_fields, variable_words
from helpdesk.rules import actions, queries
from helpdesk.rules.models import Rule, RuleVersion, State
from helpdesk.rules.trials import running
from helpdesk.rules.waiting import LASTING, UNITS
from helpdesk.rules.wording import LONGEST_NAME, Typed, from_fields, typed_of, understood
from helpdesk.tickets.changes import ChangesInvalid
from helpdesk.tickets.filters import LONGEST
from helpdesk.ui import show


@bp.get("/desk/rules")
@managers_only
def rules() -> Response:
    """All rules in the order in which they are asked."""
    return show("desk/rules.html", rules=rulebook.listed())


@bp.get("/desk/rules/new")
@managers_only
def new_rule() -> Response:
    return _form(Typed())


@bp.post("/desk/rules")
@managers_only
def save_rule() -> AnyResponse:
    return _save(None)


@bp.get("/desk/rules/<int:rule_id>")
@managers_only
def edit_rule(rule_id: int) -> Response:
    rule = queries.rule_by_id(rule_id)
    return _form(typed_of(queries.version_of(rule)), rule)


@bp.post("/desk/rules/<int:rule_id>")
@managers_only
def change_rule(rule_id: int) -> AnyResponse:
    return _save(queries.rule_by_id(rule_id, to_change=True))


@bp.post("/desk/rules/<int:rule_id>/state")
@managers_only
def switch_rule(rule_id: int) -> AnyResponse:
    rule, on = queries.rule_by_id(rule_id, to_change=True), "on" in request.form
    name = queries.version_of(rule).name
    try:
        actions.switch(rule, on=on, by=me())
    except actions.Wrong as wrong:
        return refused(rule, wrong)
    flash(f"{name} is {'on' if on else 'off'}.")
    return redirect(url_for("desk.rules"), 303)


@bp.post("/desk/rules/<int:rule_id>/place")
@managers_only
def move_rule(rule_id: int) -> AnyResponse:
    actions.move(queries.rule_by_id(rule_id), up="up" in request.form, by=me())
    return redirect(url_for("desk.rules"), 303)


@bp.post("/desk/rules/<int:rule_id>/removal")
@managers_only
def remove_rule(rule_id: int) -> AnyResponse:
    rule = queries.rule_by_id(rule_id, to_change=True, removed=True)
    actions.remove(rule, by=me())
    flash(f"{queries.version_of(rule).name} is removed. What it did stays, and so does the reason.")
    return redirect(url_for("desk.rules"), 303)


@bp.get("/desk/rules/<int:rule_id>/versions/<int:edition>")
@managers_only
def rule_version(rule_id: int, edition: int) -> Response:
    """What a rule said then."""
    version = queries.version_numbered(rule_id, edition)
    return show("desk/rule_version.html", version=version, said=rulebook.said(version))


def _save(rule: Rule | None) -> AnyResponse:
    typed, then = from_fields(request.form), request.form.get("then", "")
    if then == "look":
        return _look(typed, rule)
    on = {"on": True, "off": False}.get(then)
    rule_id = rule.id if rule else None
    try:
        kept = actions.save(typed, rule, by=me(), seen=_seen(), on=on)
    except (Invalid, Conflict, Forbidden) as error:
        abandon()  # nothing of it is kept, and the page asks anew
        return _form(typed, queries.rule_by_id(rule_id) if rule_id else None, error)
    state = {State.ON: "saved and on", State.DRAFT: "saved as a draft"}.get(kept.state, "saved")
    flash(f"{queries.version_of(kept).name} is {state}.")
    if then == "try":
        return _try(kept)
    return redirect(url_for("desk.rules"), 303)


def _try(rule: Rule) -> AnyResponse:
    """A draft is kept however wrong it is, but only what is understood can be tried."""
    try:
        trial = running.begin(rule, by=me())
    except actions.Wrong as wrong:
        flash(f"It cannot be tried yet: {wrong.message}", "warn")
        return redirect(url_for("desk.edit_rule", rule_id=rule.id), 303)
    return redirect(url_for("desk.rule_trial", rule_id=rule.id, trial_id=trial.id), 303)


def refused(rule: Rule, wrong: actions.Wrong) -> Response:
    """The form of a rule that cannot be understood, with what is wrong."""
    return _form(typed_of(queries.version_of(rule)), rule, wrong)


def _seen() -> int | None:
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else None


def _look(typed: Typed, rule: Rule | None) -> Response:
    found = understood(typed)
    if found.wrong:
        return _form(typed, rule, actions.Wrong(found))
    version = RuleVersion(text=found.text, wait=found.wait, changes=found.changes)
    return _form(typed, rule, looked=rulebook.preview(version, me()))


def _form(
    typed: Typed,
    rule: Rule | None = None,
    error: HelpdeskError | None = None,
    looked: rulebook.Preview | None = None,
) -> Response:
    wrong = error.wrong if isinstance(error, actions.Wrong) else {}
    changes_error = wrong.get("changes")
    return show(
        "desk/rule_form.html",
        status=error.status if error else 200,
        typed=typed,
        rule=rule,
        error=error,
        wrong=wrong,
        looked=looked,
        is_on=rule is not None and rule.state is State.ON,
        versions=queries.versions_of(rule) if rule else (),
        choices=rulebook.choices(),
        lasting=LASTING.values(),
        units=UNITS,
        all_hours=rulebook.all_hours(),
        change_fields=change_fields(
            typed.changes,
            changes_error if isinstance(changes_error, ChangesInvalid) else None,
            by_person=False,
        ),
        variables=variable_words(),
        fields=explained(),
        longest=LONGEST_NAME,
        longest_text=LONGEST,
        everywhere=me().is_admin,
    )
