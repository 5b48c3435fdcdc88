"""Playbooks: written down, begun for a flag, worked step by step."""

import re

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me, staff_only
from helpdesk.churn import playbooks, queries
from helpdesk.churn.effect import effect
from helpdesk.churn.forms import BeginForm, PlaybookForm, StepForm
from helpdesk.churn.models import Doing
from helpdesk.churn.rules import RULES
from helpdesk.churn.steps import STANDARD, Step
from helpdesk.churn.views.blueprint import bp
from helpdesk.core.clock import now
from helpdesk.core.errors import Invalid
from helpdesk.ui import show

_LINE = re.compile(r"(\d{1,3})\s+(\w+)\s+(\S.*)")


@bp.get("/desk/churn/playbooks")
@staff_only
def playbook_list() -> Response:
    """What is due, what can be begun, and whether it helps."""
    return _page(_form())


def _page(form: PlaybookForm, status: int = 200) -> Response:
    mine = request.args.get("whose") != "all"
    return show(
        "churn/playbooks.html",
        status=status,
        playbooks=playbooks.playbooks(),
        tasks=playbooks.due_tasks(me() if mine else None, request.args.get("at")),
        mine=mine,
        is_manager=me().is_manager,
        effect=effect(),
        form=form,
        standard=STANDARD,
        reasons={rule.key: rule for rule in RULES},
        now=now(),
        doings=list(Doing),
        words=playbooks.WORDS,
    )


def _form() -> PlaybookForm:
    form = PlaybookForm()
    named = [(rule.key, rule.key.replace("_", " ")) for rule in RULES if rule.points > 0]
    form.rule.choices = [("", "never, only by hand"), *named]
    return form


@bp.post("/desk/churn/playbooks")
@managers_only
def make_playbook() -> Response:
    """Write a playbook down, or take over one of those that come with the product."""
    if (name := request.form.get("standard", "")) in STANDARD:
        rule, steps = STANDARD[name]
        playbooks.make(name, steps, rule_key=rule, by=me())
        return redirect(url_for("churn.playbook_list"), 303)
    form = _form()
    if not form.validate_on_submit():
        return _page(form, 422)
    playbooks.make(
        form.name.data or "",
        _steps(form.steps.data or ""),
        rule_key=form.rule.data or "",
        least_risk=form.least_risk.data or 0,
        by=me(),
    )
    flash("It can be begun from now on.")
    return redirect(url_for("churn.playbook_list"), 303)


def _steps(text: str) -> list[Step]:
    found: list[Step] = []
    for line in text.splitlines():
        if line[:1].isspace() and found and line.strip():
            last = found[-1]
            words = f"{last.text}\n{line.strip()}".strip()
            found[-1] = Step(last.title, last.doing, last.after_days, words)
        elif line.strip():
            found.append(_step(line))
    return found


def _step(line: str) -> Step:
    match = _LINE.fullmatch(line.strip())
    if match is None or match[2].lower() not in list(Doing):
        doings = ", ".join(Doing)
        raise Invalid(
            f"“{line[:60]}” is no step. Write: days after the start, what ({doings}), title."
        )
    return Step(match[3], Doing(match[2].lower()), int(match[1]))


@bp.post("/desk/churn/playbooks/<int:playbook_id>/retirement")
@managers_only
def retire_playbook(playbook_id: int) -> Response:
    """Let it begin no more."""
    playbooks.retire(playbooks.playbook_by_id(playbook_id), by=me())
    return redirect(url_for("churn.playbook_list"), 303)


@bp.post("/desk/flags/<int:flag_id>/playbook")
@staff_only
def begin_playbook(flag_id: int) -> Response:
    """Begin a playbook for the customer of a flag."""
    flag = queries.flag_by_id(flag_id, to_change=True)
    form = BeginForm()
    form.playbook.choices = [(one.id, one.name) for one in playbooks.playbooks()]
    if not form.validate_on_submit():
        raise Invalid("Choose a playbook first.")
    playbooks.begin(flag, playbooks.playbook_by_id(form.playbook.data), by=me())
    return redirect(url_for("churn.flag", flag_id=flag_id), 303)


@bp.post("/desk/churn/steps/<int:task_id>/outcome")
@staff_only
def finish_step(task_id: int) -> Response:
    """Say that a step is done, and what came of it."""
    task = playbooks.task_by_id(task_id)
    form = StepForm()
    if not form.validate_on_submit():
        raise Invalid("What came of it is too long; 2,000 characters are kept.")
    playbooks.finish(task, form.outcome.data or "", by=me())
    return redirect(url_for("churn.flag", flag_id=task.run.flag_id), 303)
