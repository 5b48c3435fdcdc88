"""Where the pages about what is kept hang."""

from flask import Blueprint

bp = Blueprint("privacy", __name__, template_folder="../templates")
