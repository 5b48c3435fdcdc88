"""What administrators fill in about promises."""

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from helpdesk.core.hours import DAYS
from helpdesk.core.text import one_line
from helpdesk.tickets.models import Priority
from helpdesk.tickets.sla import Target

NAME = [DataRequired("Give it a name."), Length(max=60)]


class HoursForm(FlaskForm):
    """Business hours, a text for each day of the week."""

    name = StringField("Name", NAME, filters=[lambda text: one_line(text or "")])
    zone = StringField("Time zone", [DataRequired("Write one like Europe/Berlin.")])
    monday = StringField(DAYS[0], [Length(max=200)])
    tuesday = StringField(DAYS[1], [Length(max=200)])
    wednesday = StringField(DAYS[2], [Length(max=200)])
    thursday = StringField(DAYS[3], [Length(max=200)])
    friday = StringField(DAYS[4], [Length(max=200)])
    saturday = StringField(DAYS[5], [Length(max=200)])
    sunday = StringField(DAYS[6], [Length(max=200)])
    country = StringField("Country", [Length(max=2, message="Two letters, such as DE.")])
    region = StringField("Region", [Length(max=10)])
    own_days = TextAreaField("Own days off", [Length(max=20_000)])

    @property
    def days(self) -> list[StringField]:
        """The fields of the days, Monday first."""
        return [self[day.lower()] for day in DAYS]


class Ticks(SelectMultipleField):
    """Several of a few, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PolicyForm(FlaskForm):
    """A policy: what is promised, in which hours, for which tickets."""

    name = StringField("Name", NAME, filters=[lambda text: one_line(text or "")])
    hours = SelectField("Counts in", coerce=str)
    first_response = StringField("First reply")
    next_response = StringField("Each further reply")
    update = StringField("Updates at least every")
    resolution = StringField("Solution")
    total_resolution = StringField("Solution in all")
    priorities = Ticks("Priorities", choices=[priority.value for priority in Priority])
    teams = Ticks("Teams", coerce=str)
    tags = StringField("Tags", [Length(max=900)])
    organizations = TextAreaField("Organizations", [Length(max=20_000)])

    @property
    def targets(self) -> list[StringField]:
        """The fields of the targets."""
        return [self[target.value] for target in Target]
