"""The application as servers and the `flask` command find it."""

import gc
import sys
from os import EX_TEMPFAIL

from config import Config
from helpdesk import create_app
from helpdesk.cli.alone import hands_in_a_mail, stands_alone
from helpdesk.core.environment import ConfigError


def _config() -> Config:
    try:
        return Config.from_env()
    except ConfigError as error:
        if stands_alone(sys.argv):
            return Config.from_env({"HELPDESK_DEMO": "1"})
        if hands_in_a_mail(sys.argv):
            sys.stderr.write(f"Not started: {error}\n")
            raise SystemExit(EX_TEMPFAIL) from None
        raise SystemExit(f"Not started: {error}") from None


gc.disable()  # what is imported stays: looking through it again and again takes long
app = create_app(_config())
gc.freeze()
gc.enable()
