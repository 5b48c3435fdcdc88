"""What may be said about charts, and what may be mailed."""

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from helpdesk.reports.models import Rhythm, Sort

SORTS = [
    SelectChoice(Sort.INCIDENT.value, "Incident"),
    SelectChoice(Sort.RELEASE.value, "Release"),
    SelectChoice(Sort.OTHER.value, "Something else"),
]
RHYTHMS = [
    SelectChoice(Rhythm.WEEKLY.value, "On Mondays, about last week"),
    SelectChoice(Rhythm.MONTHLY.value, "On the first, about last month"),
]


class OccasionForm(FlaskForm):
    day = DateField("Day", validators=[DataRequired("Which day?")])
    sort = SelectField("What was it?", choices=SORTS)
    text = StringField(
        "In a few words", validators=[DataRequired("Say what it was."), Length(max=80)]
    )


class SubscriptionForm(FlaskForm):
    page = SelectField("Report")
    rhythm = SelectField("When", choices=RHYTHMS)
    q = StringField("Only tickets that fulfil", validators=[Length(max=2000)])
