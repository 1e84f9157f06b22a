"""The `Content-Security-Policy` of the pages: that of the chat as strict as Streamlit's front end allows.

It knows what a page needs, not who may call the server.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def page_policy(origins: Sequence[str]) -> str:
    """The policy, under which pages of `origins` may embed the page.

    Streamlit writes styles into the page. Its scripts come from files, but for one line of its index page, which
    is named by its hash, as the script is that our pages carry.
    """
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *map(_hash, _inline_scripts())]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(["'self'", *origins]),
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def release_policy(origins: Sequence[str]) -> str:
    """The policy of the page of a release, which has a style sheet and nothing else."""
    from bot.web.release_page import style

    ancestors = " ".join(["'self'", *origins])
    return (
        f"default-src 'none'; style-src {_hash(style())}; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )


def _inline_scripts() -> list[str]:
    """The scripts that stand in the pages themselves: Streamlit's, and our one."""
    from streamlit.file_util import get_static_dir

    from bot.web.page import script

    index = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    return [*_INLINE_SCRIPT.findall(index), script()]


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
