"""What may be said about a flag."""

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

OUTCOME_WORDS = [
    SelectChoice("saved", "Saved: they stay"),
    SelectChoice("lost", "Lost: they have left"),
    SelectChoice("false_alarm", "False alarm"),
]


class OutcomeForm(FlaskForm):
    outcome = RadioField("What became of it?", choices=OUTCOME_WORDS, validators=[DataRequired()])
    note = TextAreaField("What was done", validators=[Length(max=2000)])
