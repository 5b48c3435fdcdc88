"""What may be handed in about customers."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from helpdesk.core.text import one_line
from helpdesk.customers.actions import LONGEST_NAME, LONGEST_NOTE
from helpdesk.customers.models import SurveyPreference


class ImportForm(FlaskForm):
    kind = RadioField(
        "What is in the file?",
        choices=[SelectChoice("customers", "Customers"), SelectChoice("orders", "Orders")],
        default="customers",
    )
    file = FileField("File", validators=[FileRequired("Choose a CSV file first.")])


class NoteForm(FlaskForm):
    body = TextAreaField("Note", validators=[DataRequired(), Length(max=LONGEST_NOTE)])


def _trimmed(text: str | None) -> str:
    return one_line(text or "")


class CustomerForm(FlaskForm):
    name = StringField(
        "Name", filters=[_trimmed], validators=[DataRequired(), Length(max=LONGEST_NAME)]
    )
    phone = StringField("Phone", filters=[_trimmed], validators=[Length(max=40)])
    tier = StringField("Tier", filters=[_trimmed], validators=[Length(max=40)])
    language = StringField(
        "Language", filters=[_trimmed], validators=[DataRequired(), Length(min=2, max=3)]
    )
    time_zone = StringField("Time zone", filters=[_trimmed], validators=[Length(max=64)])
    customer_since = DateField("Customer since", validators=[Optional()])
    survey_preference = SelectField(
        "Surveys",
        choices=[
            SelectChoice(SurveyPreference.ALL.value, "May be asked"),
            SelectChoice(SurveyPreference.PROBLEMS.value, "Only if it went wrong"),
            SelectChoice(SurveyPreference.NONE.value, "Never"),
        ],
    )
    lost_on = DateField("Left on", validators=[Optional()])
