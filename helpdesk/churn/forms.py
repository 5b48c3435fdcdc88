"""What may be said about a flag."""

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

OUTCOME_WORDS = [
    SelectChoice("saved", "Saved: they stay"),
    SelectChoice("lost", "Lost: they have left"),
    SelectChoice("false_alarm", "False alarm"),
]


class OutcomeForm(FlaskForm):
    outcome = RadioField("What became of it?", choices=OUTCOME_WORDS, validators=[DataRequired()])
    note = TextAreaField("What was done", validators=[Length(max=2000)])


class PlanForm(FlaskForm):
    owner = SelectField("Who looks after it")
    due = DateField("Until", validators=[Optional()])


class BeginForm(FlaskForm):
    playbook = SelectField("Playbook", coerce=int)


class StepForm(FlaskForm):
    outcome = TextAreaField("What came of it", validators=[Length(max=2000)])


class PlaybookForm(FlaskForm):
    """Steps as lines: `3 call Title of the step`, and the words for it on the lines below, begun by
    a space."""

    name = StringField("Name", validators=[DataRequired(), Length(max=80)])
    rule = SelectField("Begins by itself when")
    least_risk = IntegerField("From a risk of", validators=[NumberRange(0, 100)], default=0)
    steps = TextAreaField("Steps", validators=[DataRequired(), Length(max=20_000)])


class BacktestForm(FlaskForm):
    """Only the token."""
