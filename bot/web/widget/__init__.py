"""The widget: the chat as an element of other people's pages, in one file of plain ECMAScript.

It does not know who asks for the file, nor how it is sent.
"""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PARTS = ("words", "elements", "api", "memory", "answer", "actions", "chat", "start")
"""In the order in which they need each other; they share one scope, which nothing of the page sees."""
_FRAME = """// Communiqué: https://www.apache.org/licenses/LICENSE-2.0
(() => {{
"use strict";
const SCRIPT = document.currentScript;
const BASE = new URL(".", SCRIPT?.src ?? location.href).href;
const STYLE = {style};
{parts}}})();
"""


@cache
def source() -> str:
    """The whole file: the parts, and the style sheet as a text in it, since a page's policy may allow no other."""
    style = json.dumps((FOLDER / "widget.css").read_text(encoding="utf-8"))
    parts = "".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in PARTS)
    return _FRAME.format(style=style, parts=parts)
