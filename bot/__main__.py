"""The command line: ask, chat, serve, evaluate, doctor.

It reads arguments and prints; what an answer is lives in `bot.chain`.
"""

import argparse
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.chain import Bot
    from bot.domain import Answer
    from bot.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
    _take_any_text()
    options = _parser().parse_args(arguments)
    from bot.errors import CommuniqueError

    try:
        return int(options.run(options))
    except CommuniqueError as error:
        print(f"communique: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("communique: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _take_any_text() -> None:
    """Read what is not in the terminal's encoding as �, and write what it does not know as its code."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Ask press releases, get answers with proven quotes."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question", help='the question; "-" reads it from standard input')
    ask.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    ask.set_defaults(run=_ask)

    chat = commands.add_parser("chat", help="open the chat in the browser")
    chat.add_argument("--terminal", action="store_true", help="talk in this terminal instead")
    chat.set_defaults(run=_chat)

    serve = commands.add_parser("serve", help="serve the chat without opening a browser")
    serve.add_argument("--host", help="address to listen on (default: COMMUNIQUE_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (default: COMMUNIQUE_PORT)")
    serve.set_defaults(run=_serve)

    evaluate = commands.add_parser("evaluate", help="answer a question set and score the answers")
    evaluate.add_argument("questions", type=Path, help="the question set, a YAML file")
    evaluate.add_argument("--out", type=Path, required=True, help="folder for answers.jsonl and scores.json")
    evaluate.add_argument("--json", action="store_true", help="print the scores as one JSON object")
    evaluate.set_defaults(run=_evaluate)

    doctor = commands.add_parser("doctor", help="check this installation and say what is wrong")
    doctor.add_argument("--json", action="store_true", help="print the findings as one JSON list")
    doctor.set_defaults(run=_doctor)
    return parser


def _ask(options: argparse.Namespace) -> int:
    question = sys.stdin.read() if options.question == "-" else options.question
    answer = _bot(_settings()).ask(question)
    if options.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
    else:
        _print_answer(answer)
    return 0


def _chat(options: argparse.Namespace) -> int:
    settings = _settings()
    if not options.terminal:
        _index_if_empty(settings)
        return _streamlit(settings.host, settings.port, headless=False)
    from bot.domain import Turn
    from bot.errors import QuestionError

    bot = _bot(settings)
    turns: list[Turn] = []
    print("Ask a question; an empty line ends the conversation.", file=sys.stderr)
    while question := _line():
        try:
            answer = bot.ask(question, turns)
        except QuestionError as error:  # the next question may be better
            print(f"communique: {error}", file=sys.stderr)
            continue
        turns.append(Turn(question, answer))
        _print_answer(answer)
    return 0


def _serve(options: argparse.Namespace) -> int:
    settings = _settings()
    _index_if_empty(settings)
    return _streamlit(options.host or settings.host, options.port or settings.port, headless=True)


def _evaluate(options: argparse.Namespace) -> int:
    from bot.evaluation.evaluate import evaluate_file

    settings = _settings()
    return evaluate_file(options.questions, options.out, lambda: _bot(settings), as_json=options.json)


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine, print_findings

    findings = examine()
    print_findings(findings, as_json=options.json)
    return 0 if all(finding.ok for finding in findings) else 1


def _settings() -> "Settings":
    from bot.settings import load

    return load()


def _bot(settings: "Settings") -> "Bot":
    _index_if_empty(settings)
    from bot.chain import Bot

    return Bot(settings)


def _index_if_empty(settings: "Settings") -> None:
    from bot.chain import is_empty

    if is_empty(settings):
        from ingest.__main__ import index

        index(settings)


def _streamlit(host: str, port: int, *, headless: bool) -> int:
    """Run the chat page in this process until it is stopped."""
    from streamlit.web import cli

    page = Path(__file__).resolve().parent.parent / "streamlit_app.py"
    cli.main(
        [
            "run",
            str(page),
            f"--server.address={host}",
            f"--server.port={port}",
            f"--server.headless={str(headless).lower()}",
        ],
        standalone_mode=False,
    )
    return 0


def _print_answer(answer: "Answer") -> None:
    print(answer.text)
    for citation in answer.citations:
        when = f", {citation.date:%d %B %Y}" if citation.date else ""
        print(
            f"  [{citation.number}] {citation.title}{when} ({citation.file}:{citation.start}-{citation.end})"
        )
    if answer.notice:
        print(answer.notice, file=sys.stderr)


def _line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
