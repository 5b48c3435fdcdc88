"""Doors."""

from flask import Blueprint

bp = Blueprint("churn", __name__, template_folder="templates")
