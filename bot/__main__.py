"""The command line: answers, the chat and its server, keys, backups, evaluation, feedback, a check-up.

It reads arguments and prints; what an answer is lives in `bot.chain`.
"""

import argparse
import io
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.catalog import Entry
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

    serve = commands.add_parser("serve", help="serve the chat and the API without opening a browser")
    serve.add_argument("--host", help="address to listen on (default: COMMUNIQUE_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (default: COMMUNIQUE_PORT)")
    serve.set_defaults(run=_serve)

    mcp = commands.add_parser("mcp", help="offer the releases to a program as tools (Model Context Protocol)")
    mcp.set_defaults(run=_mcp)

    keys = commands.add_parser("keys", help="make, list and revoke the keys of the API")
    keys.set_defaults(run=_keys)
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a key and show it, once")
    create.add_argument("name", help="who will use it, as `team wiki`")
    create.add_argument(
        "--scope", action="append", choices=("ask", "ingest", "admin"), help="what it opens (default: ask)"
    )
    actions.add_parser("list", help="every key, without its secret")
    revoke = actions.add_parser("revoke", help="let a key open nothing any more")
    revoke.add_argument("key_id", metavar="ID", help="its id, as `keys list` shows it")

    backup = commands.add_parser("backup", help="write the data folder into one file, while it is in use")
    backup.add_argument("file", type=Path, metavar="FILE", help="the backup to write, as backup.tar.gz")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="make the data folder what a backup holds")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.add_argument("--force", action="store_true", help="replace what the data folder holds")
    restore.set_defaults(run=_restore)

    evaluate = commands.add_parser("evaluate", help="answer question sets and score the answers")
    evaluate.add_argument(
        "questions", type=Path, nargs="*", help="question sets: YAML, or what `import` takes"
    )
    evaluate.add_argument(
        "--out",
        type=Path,
        required=True,
        help="folder for the answers, scores and report; with --draft the set to write",
    )
    evaluate.add_argument(
        "--draft", type=Path, metavar="CORPUS", help="draft a question set from this folder of releases"
    )
    evaluate.add_argument(
        "--limit", type=_count, metavar="N", help="with --draft: questions of a release at most (default: 8)"
    )
    evaluate.add_argument(
        "--seed", type=int, metavar="N", help="with --draft: another number, other questions"
    )
    evaluate.add_argument("--json", action="store_true", help="print the scores as one JSON object")
    evaluate.add_argument("--resume", action="store_true", help="keep what an interrupted run answered")
    evaluate.add_argument("--baseline", type=Path, help="folder of an earlier run to compare with")
    evaluate.add_argument(
        "--gate", type=Path, help="gate file: exit 1 on a fall, or on a rise it does not claim"
    )
    evaluate.add_argument("--judge", action="store_true", help="let the chat model judge the answers, too")
    evaluate.set_defaults(run=_evaluate, refuse=evaluate.error)

    calibrate = commands.add_parser("calibrate", help="fit the probability below which to decline")
    calibrate.add_argument(
        "questions", type=Path, nargs="+", help="question sets: YAML, or what `import` takes"
    )
    aim = calibrate.add_mutually_exclusive_group(required=True)
    aim.add_argument(
        "--risk", type=_share, metavar="SHARE", help="at most this share of the answers wrong, as 0.05"
    )
    aim.add_argument(
        "--false-declines",
        type=_share,
        metavar="SHARE",
        help="or at most this share of the answerable declined",
    )
    calibrate.add_argument("--write", action="store_true", help="write the fitted probability to .env")
    calibrate.add_argument("--json", action="store_true", help="print the curves as one JSON object")
    calibrate.set_defaults(run=_calibrate)

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
        from bot.web.markup import as_terminal_json

        print(as_terminal_json(json.dumps(answer.to_json(), ensure_ascii=False)))
    else:
        _print_answer(answer)
    return 0


def _explain(options: argparse.Namespace) -> int:
    from bot.explain import explained, print_account
    from bot.web.markup import as_terminal, as_terminal_json

    bot = _bot(_settings())
    account = bot.account(_question(options))
    minimum = bot.minimum_probability(account.answer.language)
    if options.json:
        print(as_terminal_json(json.dumps(explained(account, minimum), ensure_ascii=False)))
    else:
        print_account(account, minimum, as_terminal)
    return 0


def _question(options: argparse.Namespace) -> str:
    return sys.stdin.read() if options.question == "-" else str(options.question)


def _chat(options: argparse.Namespace) -> int:
    settings = _settings()
    if not options.terminal:
        return _run_server(settings, settings.host, settings.port, opens_browser=True)
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
    host, port = options.host or settings.host, options.port or settings.port
    return _run_server(settings, host, port, opens_browser=False)


def _mcp(options: argparse.Namespace) -> int:
    settings = _settings()
    _index_if_empty(settings)
    from bot.server.mcp.stdio import run

    return run(settings)


def _keys(options: argparse.Namespace) -> int:
    from bot.keys.command import run

    return run(options)


def _backup(options: argparse.Namespace) -> int:
    from bot.backup.make import back_up

    facts = back_up(_settings(), options.file, force=options.force)
    print(f"Backed up into {options.file}, {facts['bytes'] / 1e6:.1f} MB: {_backed_up(facts)}.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    from bot.backup.restore import restore
    from ingest.lock import writing

    settings = _settings()
    with writing(settings.data_dir, settings.lock_seconds):
        facts = restore(options.file, settings, force=options.force)
    print(f"Restored into {settings.data_dir} as of {facts['made']}: {_backed_up(facts)}.")
    return 0


def _backed_up(facts: "dict[str, Any]") -> str:
    if not facts["generation"]:
        return "conversations and keys, and no index yet"
    return f"{facts['releases']} releases, {facts['passages']} passages, conversations and keys"


def _evaluate(options: argparse.Namespace) -> int:
    if options.draft:
        return _draft(options)
    if not options.questions:
        options.refuse(
            "give question sets to ask, or --draft with the folder of the releases to draft one from"
        )
    if options.limit is not None or options.seed is not None:
        options.refuse("--limit and --seed go with --draft only")
    from bot.evaluation.command import run
    from bot.evaluation.judge import open_judge

    settings = _settings()
    return run(
        options.questions,
        options.out,
        lambda: _bot(settings),
        as_json=options.json,
        resume=options.resume,
        baseline=options.baseline,
        gate=options.gate,
        open_judge=partial(open_judge, settings) if options.judge else None,
    )


def _draft(options: argparse.Namespace) -> int:
    """Draft a question set: from the index where the folder is that of the settings, else from its files."""
    if options.questions:
        options.refuse("--draft writes a question set and asks none: leave out the question sets")
    given = [name for name in ("json", "resume", "baseline", "gate", "judge") if getattr(options, name, None)]
    if given:
        options.refuse(f"--{given[0]} is of a run that asks questions: leave it out with --draft")
    from bot.evaluation.draft.command import check_target, run

    check_target(options.out)
    settings = _settings()
    told = partial(run, out=options.out, settings=settings, limit=options.limit, seed=options.seed or 0)
    if options.draft.resolve() != settings.corpus_dir.resolve():
        return told(_read(options.draft, settings.ocr))
    from bot.catalog import FILE, Catalog
    from bot.evaluation.draft.stored import Stored

    _index_if_empty(settings)
    with Catalog.open(settings.data_dir / FILE, create=False) as catalog:
        return told(Stored(catalog))


def _read(folder: Path, ocr: str) -> "list[Entry]":
    """The releases of a folder as the index would hold them, which is left alone; what cannot be read is named."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from ingest.load import SUFFIXES
    from ingest.parallel import prepared
    from ingest.plan import ids_of, plan_of
    from ingest.scope import find
    from ingest.unpacker import Unpacker

    with TemporaryDirectory() as aside, Unpacker.open(Path(aside)) as unpacker:
        plan = plan_of(find([folder], folder, (), SUFFIXES), {}, unpacker, everything=False, ocr=ocr)
        found = list(prepared(plan.jobs, ids_of(plan, {})))
    plan.failed |= {each.job.source: each.reason for each in found if each.entry is None}
    for _, reason in sorted(plan.failed.items()):
        print(f"communique: {reason}", file=sys.stderr)
    entries = [replace(each.entry, terms={}) for each in found if each.entry is not None]
    return sorted(entries, key=lambda entry: entry.release.id)


def _calibrate(options: argparse.Namespace) -> int:
    from bot.evaluation.calibrate import run

    settings = _settings()
    undeclining = settings.model_copy(update={"minimum_probability": 0.0})
    return run(
        options.questions,
        lambda: _bot(undeclining),
        settings.minimum_probability,
        aim="false declines" if options.risk is None else "risk",
        most=options.false_declines if options.risk is None else options.risk,
        write=options.write,
        as_json=options.json,
    )


def _count(text: str) -> int:
    """A number of questions as the command line takes it: one or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of questions: write 1 or more")
    return int(text)


def _share(text: str) -> float:
    """A share as the command line takes it: more than 0 and less than 1."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share: write one between 0 and 1, as 0.05")
    return share


def _import(options: argparse.Namespace) -> int:
    from bot.evaluation.sets.importing.sources import import_file

    return import_file(options.source, options.out)


def _feedback(options: argparse.Namespace) -> int:
    from bot.feedback.command import run

    return run(options)


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine, print_findings
    from ingest.load.scan import ready

    def scans(settings: "Settings") -> str:
        return ready(settings.ocr) if settings.ocr else "only reported: COMMUNIQUE_OCR has them recognised"

    findings = examine(scans=scans)
    print_findings(findings, as_json=options.json)
    return 0 if all(finding.ok for finding in findings) else 1


def _settings() -> "Settings":
    from bot.settings import load

    return load()


def _bot(settings: "Settings") -> "Bot":
    _index_if_empty(settings)
    from bot.chain import Bot
    from bot.opened import REMEMBERED

    return Bot(settings, remembered=REMEMBERED)  # questions of a set share what is asked before them


def _index_if_empty(settings: "Settings") -> None:
    from bot.lookup import is_empty

    if is_empty(settings):
        from ingest.__main__ import index

        index(settings)


def _run_server(settings: "Settings", host: str, port: int, *, opens_browser: bool) -> int:
    _index_if_empty(settings)
    from bot.server.run import run

    return run(settings, host, port, opens_browser=opens_browser)


def _print_answer(answer: "Answer") -> None:
    from bot.web.markup import as_terminal
    from bot.web.wording import page_of, wording

    words = wording(answer.language)
    print(as_terminal(answer.text))
    for citation in answer.citations:
        when = f", {citation.date:%d %B %Y}" if citation.date else ""
        place = f"{citation.file}:{citation.start}-{citation.end}"
        where = ", ".join(filter(None, (place, page_of(citation, words))))
        print(as_terminal(f"  [{citation.number}] {citation.title}{when} ({where})"))
    if answer.notice:
        print(as_terminal(answer.notice), file=sys.stderr)


def _line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
