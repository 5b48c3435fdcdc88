"""What the doors of the desk hang in."""

from flask import Blueprint

bp = Blueprint("desk", __name__, template_folder="../templates")
