"""What axe-core finds wrong with a page, in words a person can act on."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

VENDOR = Path(__file__).parent / "vendor"
AXE = VENDOR / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that another theme may break."""
NARROW = [
    "target-size", "scrollable-region-focusable", "aria-hidden-focus", "nested-interactive",
    "button-name", "link-name", "label", "select-name", "summary-name", "region",
]  # fmt: skip
"""The rules that a narrow window may break, where other parts of a page are shown."""
RUN = """async rules => {
  // The frame of a mail runs no script, so axe cannot enter it and would only complain of that.
  const options = {runOnly: rules, resultTypes: ["violations"], iframes: false};
  const {violations} = await axe.run(document, options);
  return violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${rule.help} at ${node.target.join(" ")}`));
}"""


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """One line for each thing that breaks a rule: the rule, what to do, where. `rules` are names
    or tags of axe-core's."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, list(rules))
    return found


def vendored_as_noted() -> bool:
    """Whether axe-core is the file whose checksum stands in the note beside it."""
    noted = re.search(r"`([0-9a-f]{64})`", (VENDOR / "README.md").read_text(encoding="utf-8"))
    return noted is not None and noted[1] == hashlib.sha256(AXE.read_bytes()).hexdigest()
