"""Experiments, and what the silent ones may have thought."""

from datetime import timedelta

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.clock import now
from helpdesk.core.errors import HelpdeskError
from helpdesk.surveys import clicks, designs, experiments, gaming, silent
from helpdesk.surveys.forms import ExperimentForm
from helpdesk.surveys.models import Split
from helpdesk.surveys.questions import TITLES
from helpdesk.surveys.views import bp
from helpdesk.ui import show

PERIOD = timedelta(days=90)


@bp.get("/desk/surveys/results")
@managers_only
def results() -> Response:
    """Satisfaction weighted as those who were asked."""
    return show(
        "surveys/results.html",
        silences=silent.silence(now() - PERIOD, now()),
        days=PERIOD.days,
    )


@bp.get("/desk/surveys/machines")
@managers_only
def machines() -> Response:
    """Which mail domains press links by themselves."""
    return show("surveys/machines.html", gateways=clicks.gateways(now() - PERIOD), days=PERIOD.days)


@bp.get("/desk/surveys/patterns")
@managers_only
def patterns() -> Response:
    """Signs that somebody helps the scores along."""
    return show(
        "surveys/patterns.html", patterns=gaming.patterns(me(), now() - PERIOD), days=PERIOD.days
    )


@bp.get("/desk/surveys/experiments")
@managers_only
def experiments_page() -> Response:
    """What is being tried, and what was."""
    return _page(ExperimentForm(formdata=None))


@bp.post("/desk/surveys/experiments")
@managers_only
def start_experiment() -> AnyResponse:
    """Try two ways to ask."""
    form = ExperimentForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    values = (form.first.data or "").strip(), (form.second.data or "").strip()
    try:
        experiments.start(
            form.name.data or "",
            form.title.data or "",
            Split(form.split.data),
            values,
            form.stop_after.data or 0,
            by=me(),
        )
    except HelpdeskError as error:
        form.first.errors = [error.message]
        return _page(form, error.status)
    flash("It runs. Until it is over only the numbers of those asked are shown.")
    return redirect(url_for("surveys.experiments_page"), 303)


@bp.post("/desk/surveys/experiments/<int:experiment_id>/stopping")
@managers_only
def stop_experiment(experiment_id: int) -> AnyResponse:
    """Give it up before its rule is met; nothing is concluded from it."""
    found = experiments.experiment_by_id(experiment_id)
    experiments.stop(found, "given up by a person", by=me())
    return redirect(url_for("surveys.experiments_page"), 303)


def _page(form: ExperimentForm, status: int = 200) -> Response:
    titles = {*TITLES.values(), *(survey.title for survey in designs.newest_of_all())}
    form.title.choices = [(title, title) for title in sorted(titles)]
    found = experiments.all_experiments()
    return show(
        "surveys/experiments.html",
        None,
        status,
        form=form,
        experiments=[(each, experiments.reading_of(each)) for each in found],
    )
