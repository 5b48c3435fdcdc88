"""The application as servers and the `flask` command find it."""

from config import Config, ConfigError
from helpdesk import create_app

try:
    app = create_app(Config.from_env())
except ConfigError as error:
    raise SystemExit(f"Not started: {error}") from None
