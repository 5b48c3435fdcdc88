"""No doors: tickets are shown by the portal and the desk. Here hang the texts of their mails."""

from flask import Blueprint

bp = Blueprint("tickets", __name__, template_folder="templates")
