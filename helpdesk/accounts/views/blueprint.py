"""What the doors of this package are hung in."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="../templates")
