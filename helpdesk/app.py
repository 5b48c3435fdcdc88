"""The application, put together. `create_app` is its table of contents."""

import logging

from flask import Response
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from helpdesk import accounts, cli, desk, reactions, ui
from helpdesk.accounts import views as account_views
from helpdesk.admin import views as admin_views
from helpdesk.churn import views as churn_views
from helpdesk.core import db, health, jobs, journal, throttle, web
from helpdesk.core.engines import engine_options
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.outage import is_outage
from helpdesk.customers import views as customer_views
from helpdesk.desk import views as desk_views
from helpdesk.intake import views as intake_views
from helpdesk.intake import whose as mail_whose
from helpdesk.mail import views as mail_views
from helpdesk.notifications import views as notification_views
from helpdesk.portal import views as portal_views
from helpdesk.privacy import views as privacy_views
from helpdesk.reports import views as report_views
from helpdesk.surveys import views as survey_views
from helpdesk.tickets import indexing
from helpdesk.tickets import views as ticket_views
from helpdesk.tickets import whose as ticket_whose

BLUEPRINTS = (
    health.bp,
    account_views.bp,
    portal_views.bp,
    desk_views.bp,
    ticket_views.bp,
    survey_views.bp,
    customer_views.bp,
    churn_views.bp,
    report_views.bp,
    notification_views.bp,
    mail_views.bp,
    intake_views.bp,
    admin_views.bp,
    privacy_views.bp,
)
csrf = CSRFProtect()
log = logging.getLogger(__name__)


def create_app(config: Config) -> web.Helpdesk:
    """The application, ready to serve; connects to nothing before the first request."""
    app = web.Helpdesk("helpdesk", static_folder=None, instance_path=str(config.instance_path))
    app.config.update(web.flask_settings(config))
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.database_url)
    app.extensions["helpdesk.config"] = config
    logging.getLogger("helpdesk").setLevel(config.log_level.upper())

    app.before_request(web.guard_host)
    app.before_request(web.guard_origin)
    db.init_app(app)
    Migrate(app, db.db, render_as_batch=True, compare_type=True)
    jobs.init_app(app, config.redis_url or jobs.embedded_url(config.instance_path))
    throttle.init_app(app, config.redis_url or jobs.embedded_url(config.instance_path))
    journal.init_app(app, reactions.REACTIONS)
    health.init_app(app)
    csrf.init_app(app)
    accounts.init_app(app)
    ui.init_app(app)
    indexing.init_app(app)
    ticket_whose.init_app(app)
    mail_whose.init_app(app)
    desk.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for endpoint in web.EXEMPT_FROM_CSRF:
        csrf.exempt(app.view_functions[endpoint])
    app.register_error_handler(HelpdeskError, _refuse)
    app.register_error_handler(DBAPIError, _put_off)
    cli.register(app)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way to wrap it
    return app


def _refuse(error: HelpdeskError) -> Response:
    db.abandon()
    return ui.errors.error_page(error.status, error.message or None)


def _put_off(error: DBAPIError) -> Response:
    if not is_outage(error):
        raise error
    log.warning("The database does not serve: %s", str(error.orig).strip().splitlines()[0])
    db.abandon()
    response = ui.errors.error_page(503)
    response.headers["Retry-After"] = "5"
    return response
