"""Where the pages of churn hang."""

from flask import Blueprint

bp = Blueprint("churn", __name__, template_folder="../templates")
