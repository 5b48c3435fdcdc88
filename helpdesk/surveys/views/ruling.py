"""What holds for all surveys, and which question follows which resolution."""

from datetime import time
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.models import Team
from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import HelpdeskError, Invalid
from helpdesk.customers.models import Organization
from helpdesk.surveys import brand, designs, policies, rules
from helpdesk.surveys.forms import PolicyForm, RuleForm
from helpdesk.surveys.models import SurveyRule
from helpdesk.surveys.questions import TITLES
from helpdesk.surveys.views import bp
from helpdesk.ui import show

LARGEST_LOGO = 200 * 1024
_NUMBERS = (
    "person_most",
    "person_days",
    "organization_most",
    "organization_days",
    "holdout_percent",
    "reminder_days",
    "on_weekends",
    "warm_up_from",
    "warm_up_growth",
)


@bp.get("/desk/surveys/policy")
@managers_only
def policy() -> Response:
    """Budgets, hours, reminder, holdout, warm-up, brand."""
    held = policies.policy()
    values = {name: getattr(held, name) for name in (*_NUMBERS, "colour")}
    form = PolicyForm(
        formdata=None, **values, send_from=_time(held.send_from), send_until=_time(held.send_until)
    )
    return _policy_page(form)


@bp.post("/desk/surveys/policy")
@managers_only
def set_policy() -> AnyResponse:
    """Change them."""
    form = PolicyForm()
    if not form.validate_on_submit():
        return _policy_page(form, 422)
    try:
        logo = _logo(form)
    except Invalid as error:
        form.logo.errors = [error.message]
        return _policy_page(form, error.status)
    try:
        rules.change_policy(_changes(form) | logo, by=me())
    except HelpdeskError as error:
        form.colour.errors = [error.message]
        return _policy_page(form, error.status)
    flash("Saved. It holds for every question that goes out from now on.")
    return redirect(url_for("surveys.policy"), 303)


def _changes(form: PolicyForm) -> dict[str, Any]:
    changes: dict[str, Any] = {name: form[name].data for name in _NUMBERS}
    for name in ("send_from", "send_until"):
        chosen: time | None = form[name].data
        if chosen is None:
            raise Invalid("Say from when until when mails go out.")
        changes[name] = chosen.hour * 60 + chosen.minute
    if changes["send_until"] == 23 * 60 + 59:
        changes["send_until"] = 24 * 60
    changes["colour"] = brand.checked(form.colour.data) if form.colour.data else None
    return changes


def _logo(form: PolicyForm) -> dict[str, Any]:
    if form.drop_logo.data:
        return {"logo": None, "logo_type": None}
    upload = form.logo.data
    if not upload or not getattr(upload, "filename", ""):
        return {}
    stored = files.store(upload.stream, upload.filename)
    if stored.media_type not in files.RASTER_IMAGES or stored.size > LARGEST_LOGO:
        raise Invalid("The picture must be a PNG, JPEG, GIF or WebP of at most 200 kB.")
    return {"logo": stored.path, "logo_type": stored.media_type}


def _time(minutes: int) -> time:
    return time(23, 59) if minutes >= 24 * 60 else time(minutes // 60, minutes % 60)


def _policy_page(form: PolicyForm, status: int = 200) -> Response:
    held = policies.policy()
    cap = policies.daily_cap(held, policies.day_of(now()))
    return show("surveys/policy.html", None, status, form=form, held=held, cap=cap)


@bp.get("/desk/surveys/rules")
@managers_only
def rules_page() -> Response:
    """Every rule in its order."""
    number = request.args.get("rule", type=int)
    editing = rules.rule_by_id(number) if number else None
    return _rules_page(_rule_form(editing), editing)


@bp.post("/desk/surveys/rules")
@managers_only
def set_rule() -> AnyResponse:
    """Add a rule, or change one."""
    number = request.args.get("rule", type=int)
    editing = rules.rule_by_id(number) if number else None
    form = RuleForm()
    _offer(form)
    if not form.validate_on_submit():
        return _rules_page(form, editing, 422)
    try:
        rules.set_rule(editing, _wanted(form), by=me())
    except HelpdeskError as error:
        form.name.errors = [error.message]
        return _rules_page(form, editing, error.status)
    return redirect(url_for("surveys.rules_page"), 303)


@bp.post("/desk/surveys/rules/<int:rule_id>/switching")
@managers_only
def switch_rule(rule_id: int) -> AnyResponse:
    """On or off."""
    rule = rules.rule_by_id(rule_id)
    rules.switch(rule, not rule.active, by=me())
    return redirect(url_for("surveys.rules_page"), 303)


@bp.post("/desk/surveys/rules/<int:rule_id>/moving")
@managers_only
def move_rule(rule_id: int) -> AnyResponse:
    """Earlier."""
    rules.move_up(rules.rule_by_id(rule_id), by=me())
    return redirect(url_for("surveys.rules_page"), 303)


def _wanted(form: RuleForm) -> dict[str, Any]:
    names = ("name", "title", "team_id", "tag", "first_contact", "delay_hours", "business_hours")
    wanted = {name: form[name].data for name in names}
    return {**wanted, "organization_id": _organization(form.organization.data or "")}


def _organization(name: str) -> int | None:
    if not name.strip():
        return None
    found = session.scalar(
        select(Organization.id).where(Organization.name_lower == name.strip().lower()).limit(1)
    )
    if found is None:
        raise Invalid(f"No organization is called “{name.strip()}”.")
    return found


def _rule_form(rule: SurveyRule | None) -> RuleForm:
    organization = rule.organization.name if rule and rule.organization else ""
    form = RuleForm(formdata=None, obj=rule, organization=organization)
    _offer(form)
    return form


def _offer(form: RuleForm) -> None:
    titles = {*TITLES.values(), *(s.title for s in designs.newest_of_all() if s.active)}
    form.title.choices = [("", "Nobody is asked"), *((t, t) for t in sorted(titles))]
    teams = session.scalars(select(Team).order_by(Team.name))
    form.team_id.choices = [("", "Every team"), *((team.id, team.name) for team in teams)]


def _rules_page(form: RuleForm, editing: SurveyRule | None, status: int = 200) -> Response:
    return show(
        "surveys/rules.html",
        None,
        status,
        form=form,
        editing=editing,
        rules=rules.all_rules(),
        words=in_words,
    )


def in_words(rule: SurveyRule) -> str:
    """A rule in a sentence."""
    whom = [
        f"in {rule.team.name}" if rule.team else "",
        f"of {rule.organization.name}" if rule.organization else "",
        f"tagged {rule.tag}" if rule.tag else "",
        "the first of a customer" if rule.first_contact else "",
    ]
    tickets = "Tickets " + ", ".join(filter(None, whom)) if any(whom) else "Every ticket"
    if rule.title is None:
        return f"{tickets}: nobody is asked."
    when = "" if rule.delay_hours is None else f", after {rule.delay_hours} h"
    hours = " of their working hours" if rule.business_hours and when else ""
    return f"{tickets}: “{rule.title}”{when}{hours}."
