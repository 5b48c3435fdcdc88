"""SLA policies: what is promised for which tickets."""

from datetime import timedelta

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.forms import refuse
from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import queries, timewords
from helpdesk.admin.forms import PolicyForm
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.db import abandon
from helpdesk.core.errors import Invalid
from helpdesk.tickets import promising
from helpdesk.tickets.policies import SlaPolicy, policies_in_order
from helpdesk.tickets.promising import PolicyAsWritten
from helpdesk.tickets.recounts import unfinished
from helpdesk.tickets.sla import Target
from helpdesk.ui import show

WORDS = {
    "first_response": "first reply",
    "next_response": "further replies",
    "update": "an update every",
    "resolution": "solution",
    "total_resolution": "solution in all",
}


@bp.get("/policies")
@admins_only
def policies() -> Response:
    found = policies_in_order()
    return show(
        "admin/policies.html",
        places=places("admin.policies"),
        policies=found,
        conditions={policy.id: queries.conditions_of(policy) for policy in found},
        promised={
            policy.id: [
                (WORDS[target.value], timewords.span(int(length.total_seconds())))
                for target, length in policy.targets.items()
            ]
            for policy in found
        },
        recount=unfinished(),
    )


@bp.get("/policies/new")
@admins_only
def new_policy() -> Response:
    form = _form(empty=True)
    form.first_response.data, form.next_response.data = "4 h", "8 h"
    return _page(form, None)


@bp.get("/policies/<int:policy_id>")
@admins_only
def policy_page(policy_id: int) -> Response:
    policy = queries.policy_by_id(policy_id)
    form = _form(empty=True)
    form.name.data, form.hours.data = policy.name, str(policy.hours_id or "")
    for target in Target:
        form[target.value].data = timewords.span(getattr(policy, target.value))
    form.priorities.data = policy.priorities
    form.teams.data = [str(team_id) for team_id in policy.team_ids]
    form.tags.data = ", ".join(policy.tags)
    form.organizations.data = "\n".join(queries.names_of(policy.organization_ids))
    return _page(form, policy)


@bp.post("/policies")
@admins_only
def make_policy() -> AnyResponse:
    return _keep(None)


@bp.post("/policies/<int:policy_id>")
@admins_only
def change_policy(policy_id: int) -> AnyResponse:
    return _keep(queries.policy_by_id(policy_id))


@bp.post("/policies/<int:policy_id>/promotion")
@admins_only
def promote_policy(policy_id: int) -> AnyResponse:
    policy = queries.policy_by_id(policy_id)
    promising.put_first(policy, by=me())
    flash(f"{policy.name} is asked earlier.")
    return redirect(url_for("admin.policies"), 303)


@bp.post("/policies/<int:policy_id>/removal")
@admins_only
def remove_policy(policy_id: int) -> AnyResponse:
    policy = queries.policy_by_id(policy_id)
    promising.remove_policy(policy, by=me())
    flash(f"{policy.name} promises nothing any more.")
    return redirect(url_for("admin.policies"), 303)


def _form(*, empty: bool = False) -> PolicyForm:
    form = PolicyForm(formdata=None) if empty else PolicyForm()
    form.hours.choices = [
        ("", "calendar time, day and night"),
        *((str(hours.id), hours.name) for hours in queries.all_hours()),
    ]
    form.teams.choices = [(str(team.id), team.name) for team in queries.teams()]
    return form


def _keep(policy: SlaPolicy | None) -> AnyResponse:
    form = _form()
    policy_id = policy.id if policy else None
    wanted = _read(form)
    if wanted is not None:
        try:
            kept = promising.keep_policy(wanted, policy, by=me())
        except Invalid as refusal:
            refuse(form.first_response, refusal.message)
        else:
            flash(f"{kept.name} is saved. What is due is counted anew.")
            return redirect(url_for("admin.policies"), 303)
    abandon()
    return _page(form, queries.policy_by_id(policy_id) if policy_id else None, 422)


def _read(form: PolicyForm) -> PolicyAsWritten | None:
    """What the form says; None, with the reasons beside its fields, when that makes no sense."""
    form.validate()
    targets: dict[Target, timedelta] = {}
    for target in Target:
        try:
            if length := timewords.span_of(form[target.value].data or ""):
                targets[target] = length
        except Invalid as refusal:
            refuse(form[target.value], refusal.message)
    organizations: list[int] = []
    try:
        organizations = queries.organizations_called((form.organizations.data or "").splitlines())
    except Invalid as refusal:
        refuse(form.organizations, refusal.message)
    if form.errors:
        return None
    tags = {tag.strip().lower() for tag in (form.tags.data or "").split(",") if tag.strip()}
    return PolicyAsWritten(
        form.name.data,
        int(form.hours.data) if form.hours.data else None,
        targets,
        form.priorities.data or (),
        [int(team_id) for team_id in form.teams.data or ()],
        sorted(tags),
        organizations,
    )


def _page(form: PolicyForm, policy: SlaPolicy | None, status: int = 200) -> Response:
    return show(
        "admin/policy.html",
        status=status,
        places=places("admin.policies"),
        form=form,
        policy=policy,
    )
