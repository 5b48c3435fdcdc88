"""HTML in mails: as text to be read, and as HTML that can do no harm."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class SafeHtml:
    """HTML by allow-list. `remote_images` counts those that are held back (0 once shown)."""

    html: Markup
    remote_images: int


def as_text(html: str) -> str:
    """What a reader sees, as plain text; quotes get "> " before their lines. Never raises."""
    raise NotImplementedError


def safe(
    html: str, image: Callable[[str], str | None] = lambda _: None, *, remote: bool = False
) -> SafeHtml:
    """The HTML without script, style, forms and frames; links open elsewhere and tell nobody.

    `image` gives the address of ours for a content id (see `Attachment.content_id`), or None;
    images from elsewhere stay only if `remote`. Never raises.
    """
    raise NotImplementedError
