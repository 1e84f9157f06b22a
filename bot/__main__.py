"""The command line: ask, explain, chat, serve, evaluate, import, feedback, doctor.

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

    explain = commands.add_parser("explain", help="answer one question and say how the answer came about")
    explain.add_argument("question", help='the question; "-" reads it from standard input')
    explain.add_argument("--json", action="store_true", help="print the account as one JSON object")
    explain.set_defaults(run=_explain)

    chat = commands.add_parser("chat", help="open the chat in the browser")
    chat.add_argument("--terminal", action="store_true", help="talk in this terminal instead")
    chat.set_defaults(run=_chat)

    serve = commands.add_parser("serve", help="serve the chat without opening a browser")
    serve.add_argument("--host", help="address to listen on (default: COMMUNIQUE_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (default: COMMUNIQUE_PORT)")
    serve.set_defaults(run=_serve)

    evaluate = commands.add_parser("evaluate", help="answer question sets and score the answers")
    evaluate.add_argument(
        "questions", type=Path, nargs="+", help="question sets: YAML, or what `import` takes"
    )
    evaluate.add_argument("--out", type=Path, required=True, help="folder for the answers, scores and report")
    evaluate.add_argument("--json", action="store_true", help="print the scores as one JSON object")
    evaluate.add_argument("--resume", action="store_true", help="keep what an interrupted run answered")
    evaluate.add_argument("--baseline", type=Path, help="folder of an earlier run to compare with")
    evaluate.add_argument(
        "--gate", type=Path, help="gate file: exit 1 on a fall, or on a rise it does not claim"
    )
    evaluate.set_defaults(run=_evaluate)

    importing = commands.add_parser("import", help="turn a table, SQuAD or a public set into a question set")
    importing.add_argument(
        "source", type=Path, help="CSV or Excel table, SQuAD JSON, or folder of a public set"
    )
    importing.add_argument(
        "--out", type=Path, required=True, help="the question set to write, a new YAML file"
    )
    importing.set_defaults(run=_import)

    feedback = commands.add_parser("feedback", help="what people said about answers, and what was declined")
    feedback.add_argument(
        "answer_id", nargs="?", metavar="ANSWER_ID", help="only this answer; the id may be cut short"
    )
    feedback.add_argument(
        "--to", type=Path, metavar="SET.yaml", help="add the answer to this set, as a question"
    )
    feedback.add_argument("--missing", action="store_true", help="group the declined questions by theme")
    feedback.add_argument("--declined", action="store_true", help="declined answers, also those nobody rated")
    feedback.add_argument("--since", metavar="DATE", help="since this day, such as 2023-06-23 (UTC)")
    thumbs = feedback.add_mutually_exclusive_group()
    thumbs.add_argument("--down", action="store_true", help="only thumbs down")
    thumbs.add_argument("--up", action="store_true", help="only thumbs up")
    form = feedback.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object a line")
    form.add_argument("--csv", type=Path, metavar="FILE", help="write a table that Excel opens")
    feedback.set_defaults(run=_feedback)

    doctor = commands.add_parser("doctor", help="check this installation and say what is wrong")
    doctor.add_argument("--json", action="store_true", help="print the findings as one JSON list")
    doctor.set_defaults(run=_doctor)
    return parser


def _ask(options: argparse.Namespace) -> int:
    answer = _bot(_settings()).ask(_question(options))
    if options.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
    else:
        _print_answer(answer)
    return 0


def _explain(options: argparse.Namespace) -> int:
    from bot.explain import explained, print_account

    bot = _bot(_settings())
    account = bot.account(_question(options))
    if options.json:
        print(json.dumps(explained(account, bot.minimum_probability), ensure_ascii=False))
    else:
        print_account(account, bot.minimum_probability)
    return 0


def _question(options: argparse.Namespace) -> str:
    return sys.stdin.read() if options.question == "-" else str(options.question)


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
    from bot.evaluation.command import run

    settings = _settings()
    return run(
        options.questions,
        options.out,
        lambda: _bot(settings),
        as_json=options.json,
        resume=options.resume,
        baseline=options.baseline,
        gate=options.gate,
    )


def _import(options: argparse.Namespace) -> int:
    from bot.evaluation.sets.importing.sources import import_file

    return import_file(options.source, options.out)


def _feedback(options: argparse.Namespace) -> int:
    from bot.feedback.command import run

    return run(options)


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
    from bot.lookup import is_empty

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
