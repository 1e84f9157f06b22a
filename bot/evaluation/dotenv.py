"""Writes one setting into a `.env` file and leaves every other line as it is, byte for byte.

It knows no setting.
"""

import re
from io import StringIO
from pathlib import Path

from bot.errors import SettingsError, StorageError

_MARK = "\ufeff"
_LINE = re.compile(r"(?P<before>\s*(?:export[^\S\r\n]+)?)(?P<setting>.*?)(?P<end>\r\n|\n|\r|)\Z", re.DOTALL)


def write_setting(file: Path, name: str, value: str) -> None:
    """Sets the variable in the file, in the line that counts, or in a new one at its end; makes the file if need be.

    `value` is on one line and needs no quotes. The file is written in place: it keeps its owner and its mode, which
    may be there for the keys in it. Raises SettingsError where it is not UTF-8, and StorageError where it cannot be
    read or written.
    """
    try:
        text = file.read_bytes().decode("utf-8") if file.exists() else ""
        file.write_bytes(_with_setting(text, name, value).encode("utf-8"))
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not UTF-8 text: save it as that, or add {name}={value}.") from None
    except OSError as error:
        raise StorageError(
            f"{file} cannot be written: {error.strerror or error}. Add {name}={value} to it yourself."
        ) from None


def _with_setting(text: str, name: str, value: str) -> str:
    from dotenv.parser import parse_stream

    mark, text = text[: text.startswith(_MARK)], text.removeprefix(_MARK)
    bindings = list(parse_stream(StringIO(_MARK + text, newline="")))  # it takes one mark away
    lines = [binding.original.string for binding in bindings]
    # Variables are told apart without case, and the last of the same name counts.
    places = [place for place, each in enumerate(bindings) if each.key and each.key.upper() == name]
    if not places:
        end = "\r\n" if "\r\n" in text else "\n"
        begun = text and not text.endswith(("\n", "\r"))
        return f"{mark}{text}{end if begun else ''}{name}={value}{end}"
    place = places[-1]
    line = _LINE.match(lines[place])
    before, end = (line["before"], line["end"]) if line else ("", "\n")
    lines[place] = f"{before}{name}={value}{end}"
    return mark + "".join(lines)
