"""The corpus page, run by Streamlit's own AppTest over a catalog made for it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bot.catalog import FILE, Catalog, Entry, Link, Stamp, Summary
from bot.domain import PublicationDate, Release
from bot.keys import FILE as KEYS
from bot.keys import Keys, Scope
from bot.settings import Settings
from bot.upkeep.run import Run, runner_of
from bot.web.corpus import timeline
from bot.web.corpus.english import ENGLISH
from bot.web.corpus.filter import Filter, newest_first
from bot.web.corpus.french import FRENCH
from bot.web.corpus.one_release import versions_html
from bot.web.corpus.permission import scopes_of
from bot.web.wording import ENGLISH as CHAT_ENGLISH


def release(name: str, day: str | None, language: str = "en", **more: str) -> Release:
    published = PublicationDate(date.fromisoformat(day), "stated", day) if day else None
    title = more.get("title", f"Title of {name}")
    issuer = more.get("issuer")
    return Release(
        name,
        "/corpus",
        f"{name}.txt",
        f"revision of {name}",
        "Text.",
        title,
        language,
        published,
        issuer=issuer,
    )


RELEASES = (
    release("rabat", "2022-06-24", issuer="UNOCT", title="Réunion <b>à</b> Rabat"),
    release("doha", "2022-03-27", issuer="UNOCT"),
    release("djibouti", None, "fr", issuer="IOM"),
    release("geneva", "2024-01-05", "fr"),
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Away from the project's own Streamlit settings, and with nothing cached."""
    monkeypatch.chdir(tmp_path)
    yield
    st.cache_resource.clear()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / FILE, create=True) as made:
        entries = [Entry(each, "mark", ()) for each in RELEASES]
        made.apply(entries, [], stamp=Stamp("model", "1"), collection="c")
        yield made


@pytest.fixture
def summaries(catalog: Catalog) -> tuple[Summary, ...]:
    return newest_first(catalog.releases())


def script(bot: object, language: str) -> None:
    import streamlit as st

    from bot.web.corpus.page import draw_corpus
    from bot.web.wording import wording

    chat = st.Page(lambda: None, title="Chat", url_path="chat")
    draw_corpus(bot, chat, wording(language))  # type: ignore[arg-type]


def opened(catalog: Catalog, language: str = "en") -> AppTest:
    settings = Settings(data_dir=catalog.path.parent, corpus_dir=catalog.path.parent / "corpus")
    bot = SimpleNamespace(catalog=catalog, settings=settings)
    session = AppTest.from_function(script, args=(bot, language), default_timeout=60)
    return checked(session.run())


def checked(session: AppTest) -> AppTest:
    assert not session.exception, session.exception[0].message
    return session


def text(session: AppTest) -> str:
    body = " ".join(element.proto.body for element in session.get("html"))
    return " ".join(unescape(re.sub("<[^>]*>", " ", body)).split())


def titles(session: AppTest) -> list[str]:
    return list(session.dataframe[0].value[ENGLISH.title])


def test_the_page_tells_how_many_releases_there_are_in_which_languages_and_of_when(catalog: Catalog) -> None:
    session = opened(catalog)
    assert "Releases 4 1 without a day" in text(session)
    assert "English 2 · French 2" in text(session)
    assert "27 March 2022 – 5 January 2024" in text(session)
    assert titles(session)[0] == "Title of geneva"
    assert titles(session)[2] == "Title of doha"


def test_the_page_speaks_french(catalog: Catalog) -> None:
    session = opened(catalog, "fr")
    assert "anglais 2 · français 2" in text(session)
    assert list(session.dataframe[0].value.columns)[1] == FRENCH.title


def test_filters_narrow_the_table_and_say_so(catalog: Catalog) -> None:
    session = opened(catalog)
    checked(session.text_input(key="corpus-text").set_value("reunion rabat").run())
    assert titles(session) == ["Réunion <b>à</b> Rabat"]
    assert "1 of 4 releases" in text(session)
    checked(session.text_input(key="corpus-text").set_value("").run())
    checked(session.selectbox(key="corpus-language").set_value("fr").run())
    assert titles(session) == ["Title of geneva", "Title of djibouti"]
    checked(session.date_input(key="corpus-since").set_value(date(2023, 1, 1)).run())
    assert titles(session) == ["Title of geneva"]
    checked(session.date_input(key="corpus-until").set_value(date(2023, 6, 1)).run())
    assert "0 of 4 releases" in text(session)


def test_what_failed_is_listed_with_its_reason(catalog: Catalog) -> None:
    catalog.note_failures({("/corpus", "a<b>.pdf", ""): "/corpus/a<b>.pdf is no PDF: save it again."}, [])
    session = opened(catalog)
    (listed,) = [each.value for each in session.dataframe if ENGLISH.reason in each.value]
    assert list(listed[ENGLISH.reason]) == ["a<b>.pdf is no PDF: save it again."]
    assert any(each.label == "Not read: 1" for each in session.expander)


def test_replaced_releases_are_told_apart_and_can_be_left_out(catalog: Catalog) -> None:
    entry = Entry(release("doha-corrected", "2022-03-28"), "mark", ())
    link = Link("doha-corrected", "doha", "revision")
    catalog.apply([entry], [], stamp=Stamp("model", "1"), collection="c", links=[link])
    session = opened(catalog)
    states = dict(zip(titles(session), session.dataframe[0].value[ENGLISH.state], strict=True))
    assert [title for title, state in states.items() if state] == ["Title of doha"]
    checked(session.selectbox(key="corpus-state").set_value(ENGLISH.current).run())
    assert "Title of doha" not in titles(session)
    doha = next(each for each in catalog.releases() if each.id == "doha")
    shown = versions_html(doha, catalog.versions(), ENGLISH, CHAT_ENGLISH)
    assert "Replaced by a newer one: Title of doha-corrected" in shown


@pytest.mark.parametrize(
    ("server", "scopes", "given", "allowed"),
    [
        ("127.0.0.1", None, "", {"ask", "ingest", "admin"}),
        ("0.0.0.0", None, "", set()),
        ("127.0.0.1", ["ask"], "", set()),
        ("127.0.0.1", ["ask"], "own", {"ask"}),
        ("0.0.0.0", ["ingest"], "own", {"ingest"}),
        ("0.0.0.0", ["admin"], "own", {"ask", "ingest", "admin"}),
        ("0.0.0.0", ["admin"], "wrong", set()),
    ],
)
def test_without_a_key_only_this_machine_may_change_the_corpus(
    server: str, scopes: "list[Scope] | None", given: str, allowed: set[str], tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    text = Keys(tmp_path / KEYS).create("team", scopes)[1] if scopes else ""
    key = {"own": text, "wrong": "cmq_000000000000_x"}.get(given, "")
    assert scopes_of(settings, server, set(), key) == allowed


def test_a_key_that_was_typed_lasts_as_long_as_the_visit(catalog: Catalog) -> None:
    key = Keys(catalog.path.parent / KEYS).create("team", ["ingest"])[1]
    session = opened(catalog)
    assert "corpus-read-again" not in [button.key for button in session.button]
    checked(session.text_input(key="corpus-key").set_value(key).run())
    for _ in range(3):
        assert "corpus-read-again" in [button.key for button in session.button]
        checked(session.run())


def test_a_proxy_on_this_machine_is_not_this_machine(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert scopes_of(settings, "127.0.0.1", {"X-Forwarded-For"}, "") == set()
    behind = Settings(data_dir=tmp_path, trusted_proxies="127.0.0.1")
    assert scopes_of(behind, "127.0.0.1", set(), "") == set()


@pytest.mark.parametrize(
    ("report", "green"),
    [
        ({"added": 2, "failed": [{}]}, ["2 added · 1 not read"]),
        ({"failed": []}, [ENGLISH.nothing_new]),
        ({"failed": [{}]}, []),
        (None, []),
    ],
)
def test_what_a_run_did_is_green_and_what_failed_is_one_red_box(
    catalog: Catalog, report: dict[str, object] | None, green: list[str]
) -> None:
    runner = runner_of(Settings(data_dir=catalog.path.parent))
    now = datetime.now(UTC)
    runner._last = Run(
        "a", now, errors=("a.pdf is <b>no</b> PDF.", "b.pdf is empty."), ended=now, report=report
    )
    session = opened(catalog)
    assert [each.value.replace("\\", "") for each in session.success] == green
    (red,) = session.error
    assert "b.pdf is empty" in red.value.replace("\\", "")
    next(each for each in session.button if each.key == "corpus-put-away").click().run()
    assert not session.error


def test_an_empty_index_is_said(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / FILE, create=True) as empty:
        assert ENGLISH.empty in text(opened(empty))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Filter(), ["geneva", "rabat", "doha", "djibouti"]),
        (Filter(text="UNOCT doha"), ["doha"]),
        (Filter(issuer="UNOCT", language="en"), ["rabat", "doha"]),
        (Filter(until=date(2022, 3, 27)), ["doha"]),
        (Filter(since=date(2022, 3, 28), until=date(2022, 12, 31)), ["rabat"]),
        (Filter(text="djibouti", since=date(1900, 1, 1)), []),
    ],
)
def test_a_filter_keeps_what_meets_all_of_it(
    asked: Filter, found: list[str], summaries: tuple[Summary, ...]
) -> None:
    assert [each.id for each in asked.matching(summaries)] == found


@pytest.mark.parametrize(
    ("days", "bars"),
    [
        (["2022-03-01", "2022-03-02"], [("2022-03-01", "2022-03-02"), ("2022-03-02", "2022-03-03")]),
        (["2022-03-05", "2022-12-31"], [("2022-03-01", "2022-04-01"), ("2022-12-01", "2023-01-01")]),
        (["1950-03-05", "9999-12-31"], [("1950-01-01", "1951-01-01"), ("9999-01-01", "9999-12-31")]),
    ],
)
def test_bars_are_days_months_or_years_as_the_releases_lie(
    days: list[str], bars: list[tuple[str, str]], tmp_path: Path
) -> None:
    with Catalog.open(tmp_path / FILE, create=True) as made:
        entries = [Entry(release(day, day), "mark", ()) for day in days]
        made.apply(entries, [], stamp=Stamp("model", "1"), collection="c")
        found = timeline.bars_of(made.releases())
    assert [(each.first.isoformat(), each.end.isoformat()) for each in found] == bars
    assert timeline.chart(found, ENGLISH).to_dict()["mark"]["type"] == "bar"
    assert timeline.told(found, ENGLISH).startswith("2 releases from ")


def test_rare_languages_share_a_colour(summaries: tuple[Summary, ...]) -> None:
    many = [
        timeline.Bar(date(2022, 1, 1), date(2022, 2, 1), code, 9 - place)
        for place, code in enumerate(["en", "fr", "ar", "es", "ru", "zh", "de", "it"])
    ]
    scale = timeline.chart(many, ENGLISH).to_dict()["encoding"]["color"]["scale"]
    assert scale["domain"] == ["English", "French", "Arabic", "Spanish", "Russian", "other"]
    assert len(scale["range"]) == 6
