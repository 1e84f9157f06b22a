"""Pages, feeds and sitemaps are fetched from a real server: politely, conditionally, and within limits."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest

from bot.errors import CorpusError, IndexBusyError
from ingest.fetch import client as clients
from ingest.fetch.client import Client
from ingest.fetch.connect import is_public
from ingest.fetch.follow import Outcome, fetch
from ingest.fetch.kept import Kept
from ingest.fetch.listing import form_of
from ingest.fetch.request import FetchError, Requests, checked
from tests.ingest.fetch.site import Answer, Site, packed, site

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>News</title><link>SITE/</link>{items}</channel></rss>"""
SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<{root}><title>&b;</title></{root}>"""


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as made:
        yield made


def run(web: Site, data: Path, *paths: str, refresh: bool = False, seconds: float = 20.0) -> Outcome:
    """Fetch these paths of the site, without pauses, as one command does."""
    asked = Requests(allow_private=True, seconds=seconds)
    with Client(allow_private=True, seconds_between=0, pause=lambda _: None, requests=asked) as client:
        urls = [path if "://" in path else f"{web.address}{path}" for path in paths]
        return fetch(Kept.load(data), client, urls, refresh=refresh, tell=lambda *_: None)


def files(data: Path) -> dict[str, str]:
    """The text of each file that was kept, by the path of its address."""
    folder = data / "fetched"
    told = json.loads((folder / "manifest.json").read_text())["releases"]
    return {
        "/" + entry["url"].split("/", 3)[3]: (folder / file).read_text(errors="replace")
        for file, entry in told.items()
        if (folder / file).exists()
    }


def reason(outcome: Outcome) -> str:
    (only,) = outcome.failed.values()
    return only


# pages


@pytest.mark.parametrize("validator", [{"ETag": '"v1"'}, {"Last_Modified": "Sat, 03 May 2025 10:00:00 GMT"}])
def test_a_page_is_kept_and_asked_for_again_only_if_it_changed(
    web: Site, tmp_path: Path, validator: dict[str, str]
) -> None:
    web.page("/a", "Signed", "Qatar funds it.", **validator)
    assert run(web, tmp_path, "/a").new == 1
    again = run(web, tmp_path, refresh=True)
    assert (again.new, again.unchanged, again.failed) == (0, 1, {})
    sent = web.asked[-1][1]
    assert sent.get("if-none-match", sent.get("if-modified-since")) in validator.values()
    assert sent["user-agent"].startswith("Communique/")
    web.page(
        "/a", "Signed", "Japan funds it.", **{name: f"{value} or later" for name, value in validator.items()}
    )
    assert run(web, tmp_path, refresh=True).new == 1
    assert "Japan funds it." in files(tmp_path)["/a"]


def test_a_page_that_is_gone_is_told_and_what_was_read_of_it_stays(web: Site, tmp_path: Path) -> None:
    web.page("/a", "Signed", "Qatar funds it.")
    run(web, tmp_path, "/a")
    web.answers["/a"] = Answer(b"gone", status=410)
    assert "is not there any more (status 410): what was read of it stays" in reason(
        run(web, tmp_path, refresh=True)
    )
    assert "/a" in files(tmp_path)


def test_documents_keep_their_kind_and_other_types_are_refused(web: Site, tmp_path: Path) -> None:
    web.answers["/d.pdf"] = Answer(b"%PDF-1.4 ...", "application/pdf")
    web.answers["/e.docx"] = Answer(b"PK\3\4", "application/octet-stream")
    web.answers["/f"] = Answer(b"\x89PNG", "image/png")
    outcome = run(web, tmp_path, "/d.pdf", "/e.docx", "/f")
    assert outcome.new == 2
    assert "is of the type 'image/png'" in reason(outcome)
    assert sorted(path.suffix for path in (tmp_path / "fetched").glob("*/*")) == [".docx", ".pdf"]


def test_a_page_in_the_encoding_of_its_header_is_kept_in_utf8(web: Site, tmp_path: Path) -> None:
    web.answers["/a"] = Answer("<html><p>Réunion à Rabat".encode("cp1252"), "text/html; charset=windows-1252")
    run(web, tmp_path, "/a")
    assert "Réunion à Rabat" in files(tmp_path)["/a"]


# what may be fetched


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "ff02::1",
        "::",
        "nonsense",
    ],
)
def test_addresses_of_no_public_network_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_not_fetched_from_however_it_is_written(web: Site, host: str) -> None:
    with (
        Client(allow_private=False, seconds_between=0, pause=lambda _: None) as client,
        pytest.raises(FetchError, match=r"no public address|cannot be reached"),
    ):
        client.get(f"http://{host}:{web.address.rpartition(':')[2]}/a")
    assert web.asked == []


def test_a_redirect_to_a_private_address_is_not_followed(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def told(host: str, port: int, *more: int, **options: int) -> object:
        if host != "metadata.example":
            return real(host, port, *more, **options)  # type: ignore[arg-type]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", port))]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    monkeypatch.setattr("ingest.fetch.connect.is_public", lambda address: address == "127.0.0.1")
    web.answers["/a"] = Answer(status=302, headers={"Location": "http://metadata.example/latest"})
    with (
        Client(allow_private=False, seconds_between=0, pause=lambda _: None) as client,
        pytest.raises(FetchError, match=r"169\.254\.169\.254, which is no public address"),
    ):
        client.get(f"{web.address}/a")


def test_the_address_that_was_checked_is_the_one_connected_to(
    web: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that points elsewhere when it is asked for a second time."""
    found: list[str] = []
    real = socket.getaddrinfo
    port = int(web.address.rpartition(":")[2])

    def rebinding(host: str, *more: object, **options: object) -> object:
        if host == "rebind.example":
            found.append(host)
            host = "127.0.0.1" if len(found) % 2 else "127.0.0.2"
        return real(host, *more, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("ingest.fetch.connect.is_public", lambda address: address == "127.0.0.1")
    web.page("/a", "t", "x")
    with Requests(allow_private=False) as asked:
        assert asked.get(f"http://rebind.example:{port}/a", {}).status == 200
        assert len(found) == 1
    with (
        Requests(allow_private=False) as asked,
        pytest.raises(FetchError, match=r"127\.0\.0\.2, which is no public"),
    ):
        asked.get(f"http://rebind.example:{port}/a", {})


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "javascript://x",
        "http://",
        "http://me:secret@example.org/",
        "http://a b/",
        "https://example.org:99999/",
        f"https://example.org/{'x' * 3000}",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_before_anything_is_asked(url: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError) as refused:
        checked(url)
    assert "secret" not in str(refused.value)


def test_robots_txt_is_obeyed_on_every_hop(web: Site, tmp_path: Path) -> None:
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private\n", "text/plain")
    web.page("/private/a", "t", "x")
    web.answers["/b"] = Answer(status=301, headers={"Location": "/private/a"})
    web.page("/c", "t", "x")
    outcome = run(web, tmp_path, "/private/a", "/b", "/c")
    assert outcome.new == 1
    assert [
        text for text in outcome.failed.values() if "robots.txt of its site asks not to" in text
    ].__len__() == 2
    assert web.paths() == ["/b", "/c"]


def test_without_a_readable_robots_txt_nothing_is_fetched(web: Site, tmp_path: Path) -> None:
    web.answers["/robots.txt"] = Answer(status=503)
    assert "robots.txt cannot be read now" in reason(run(web, tmp_path, "/a"))
    assert web.paths() == []


def test_requests_to_a_host_are_paced_and_its_own_delay_is_kept(web: Site) -> None:
    web.answers["/robots.txt"] = Answer(b"User-agent: Communique\nCrawl-delay: 7\n", "text/plain")
    pauses: list[float] = []
    with Client(allow_private=True, pause=pauses.append) as client:
        for _ in range(3):
            client.get(f"{web.address}/a")
    assert 0 < pauses[0] <= 1
    assert all(6 < pause <= 15 for pause in pauses[1:])


# limits


def endless(write: Callable[[bytes], object], over: threading.Event) -> None:
    while not over.is_set():
        write(b"<p>again and again</p>" * 1000)


def slow(write: Callable[[bytes], object], over: threading.Event) -> None:
    while not over.wait(0.05):
        write(b"<p>")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(stream=endless), "is larger than 1 MiB"),
        (Answer(packed(b"x" * 20_000_000), headers={"Content-Encoding": "gzip"}), "is larger than 1 MiB"),
        (Answer(packed(b"x" * 20_000_000), "application/gzip"), "is larger than 1 MiB"),
        (Answer(packed(b"x" * 900)[:-8], headers={"Content-Encoding": "gzip"}), "ended in the middle"),
        (Answer(b"not gzip", headers={"Content-Encoding": "gzip"}), "packed in a way that cannot be read"),
        (Answer(b"x", headers={"Content-Encoding": "br"}), "packed as 'br'"),
        (Answer(stream=slow), "did not come within 1 seconds"),
        (Answer(status=500), "answered with status 500"),
        (Answer(b""), "is empty"),
        (Answer(status=302, headers={"Location": "/a"}), "more than 5 times"),
        (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "no address of http or https"),
    ],
)
def test_a_hostile_answer_ends_within_its_limits(
    web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, told: str
) -> None:
    monkeypatch.setattr(clients, "RESPONSE_BYTES", 1 << 20)
    monkeypatch.setattr("ingest.fetch.follow.LISTING_BYTES", 1 << 20)
    monkeypatch.setattr(clients, "RETRIES", 0)
    web.answers["/a"] = answer
    assert told in reason(run(web, tmp_path, "/a", seconds=1.0))


def test_headers_that_drip_end_with_the_time_of_the_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(0.05):
                    try:
                        connection.sendall(b"X: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with (
                Requests(allow_private=True, seconds=0.5) as asked,
                pytest.raises(FetchError, match="did not come"),
            ):
                asked.get(f"http://127.0.0.1:{listening.getsockname()[1]}/", {})
        finally:
            over.set()
            thread.join()


def test_what_may_be_better_in_a_moment_is_tried_again_and_not_for_ever(web: Site, tmp_path: Path) -> None:
    web.answers["/a"] = Answer(status=503)
    assert "status 503" in reason(run(web, tmp_path, "/a"))
    assert web.paths() == ["/a"] * 3


# feeds and sitemaps


def entry(title: str, link: str, more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def test_a_feed_is_followed_with_relative_links_and_markup_in_titles(web: Site, tmp_path: Path) -> None:
    web.page("/news/one", "One", "Qatar funds it.", ETag='"1"')
    text = (
        "<p>" + "Japan and Hungary fund the programme of the office. " * 20 + "</p><script>alert(1)</script>"
    )
    whole = f"<content:encoded><![CDATA[{text}]]></content:encoded>"
    items = entry("One", "/news/one") + entry("&lt;b&gt;Two&lt;/b&gt; &amp;amp; more", "SITE/news/two", whole)
    items += entry("Elsewhere", "javascript:alert(1)")
    web.xml("/feed", FEED.format(items=items), ETag='"f"')
    assert run(web, tmp_path, "/feed").new == 2
    kept = files(tmp_path)
    assert set(kept) == {"/news/one", "/news/two"}
    assert "<h1>Two &amp; more</h1>" in kept["/news/two"]
    assert "Japan and Hungary" in kept["/news/two"]
    assert "alert(1)" not in kept["/news/two"]
    assert "/news/two" not in web.paths()
    again = run(web, tmp_path, refresh=True)
    assert (again.new, again.failed) == (0, {})


def test_an_atom_feed_in_another_encoding_is_followed_from_its_own_base(web: Site, tmp_path: Path) -> None:
    text = "<p>" + "Le Japon et la Hongrie financent le programme du Bureau. " * 20 + "</p>"
    atom = (
        '<?xml version="1.0" encoding="iso-8859-1"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="SITE/fr/">'
        '<title>Actualités</title><entry><title type="html">Réunion &lt;i&gt;à Rabat&lt;/i&gt;</title>'
        f'<link href="rabat"/><updated>2025-05-03T10:00:00Z</updated><content type="html">{escape(text)}</content>'
        "</entry></feed>"
    )
    body = atom.replace("SITE", web.address).encode("iso-8859-1")
    web.answers["/atom"] = Answer(body, "application/atom+xml")
    assert run(web, tmp_path, "/atom").new == 1
    kept = files(tmp_path)
    assert "<h1>Réunion à Rabat</h1>" in kept["/fr/rabat"]
    assert 'content="2025-05-03T10:00:00Z"' in kept["/fr/rabat"]
    assert run(web, tmp_path, refresh=True).unchanged == 1


def test_a_sitemap_that_moved_speaks_for_the_site_that_it_moved_to(web: Site, tmp_path: Path) -> None:
    web.page("/one", "One", "Qatar funds it.")
    here = web.address.replace("127.0.0.1", "localhost")
    web.answers["/old.xml"] = Answer(status=301, headers={"Location": f"{here}/map.xml"})
    web.xml("/map.xml", SITEMAP.format(urls=f"<url><loc>{here}/one</loc></url>"))
    assert run(web, tmp_path, "/old.xml").new == 1


def test_an_entry_that_a_feed_no_longer_lists_stays(web: Site, tmp_path: Path) -> None:
    web.page("/one", "One", "Qatar funds it.")
    web.page("/two", "Two", "Japan funds it.")
    web.xml("/feed", FEED.format(items=entry("One", "/one")))
    run(web, tmp_path, "/feed")
    web.xml("/feed", FEED.format(items=entry("Two", "/two")))
    assert run(web, tmp_path, refresh=True).new == 1
    assert set(files(tmp_path)) == {"/one", "/two"}


def test_what_somebody_took_away_does_not_come_back_with_its_feed(web: Site, tmp_path: Path) -> None:
    web.page("/one", "One", "Qatar funds it.")
    web.xml("/feed", FEED.format(items=entry("One", "/one")))
    run(web, tmp_path, "/feed")
    next((tmp_path / "fetched").glob("*/one-*")).unlink()
    assert run(web, tmp_path, refresh=True).new == 0
    assert run(web, tmp_path, "/one").new == 1


def test_a_sitemap_and_an_index_of_packed_ones_are_followed_within_their_site(
    web: Site, tmp_path: Path
) -> None:
    url = "<url><loc>{}</loc><lastmod>{}</lastmod></url>"
    urls = url.format("SITE/one", "2025-05-03") + url.format("https://elsewhere.example/x", "2025-05-03")
    web.page("/one", "One", "Qatar funds it.")
    web.answers["/map.xml.gz"] = Answer(
        packed(SITEMAP.format(urls=urls).replace("SITE", web.address).encode()), "application/gzip"
    )
    place = "<sitemap><loc>SITE/map.xml.gz</loc></sitemap>"
    web.xml(
        "/index.xml",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{place}</sitemapindex>',
    )
    assert run(web, tmp_path, "/index.xml").new == 1
    asked = len(web.asked)
    assert run(web, tmp_path, refresh=True).unchanged == 1
    assert "/one" not in [path for path, _ in web.asked[asked:]], "its lastmod said that it is the same"


@pytest.mark.parametrize("root", ["rss", "urlset", "feed"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bomb_of_entities_is_not_read(web: Site, tmp_path: Path, root: str, encoding: str) -> None:
    web.answers["/feed"] = Answer(BOMB.format(root=root).encode(encoding), "application/xml")
    outcome = run(web, tmp_path, "/feed")
    assert len(outcome.failed) == 1
    assert outcome.new == 0


@pytest.mark.parametrize("body", ["<rss><channel><item><title>x</rss", "<urlset><url>", "<sitemapindex"])
def test_xml_that_is_cut_short_fails_or_lists_nothing(web: Site, tmp_path: Path, body: str) -> None:
    web.xml("/feed", body)
    assert run(web, tmp_path, "/feed").new == 0


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b'<?xml version="1.0"?>\n<!-- x -->\n<rss>', "feed"),
        (b"\xef\xbb\xbf<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        ("<?xml version='1.0' encoding='utf-16'?><feed>".encode("utf-16"), "feed"),
        (b"<rdf:RDF xmlns='x'>", "feed"),
        (b"<urlset>", "sitemap"),
        (b"<sitemapindex>", "sitemaps"),
        (b"<!DOCTYPE html><html><rss>", None),
        (b"About <rss> feeds", None),
        (b"", None),
    ],
)
def test_a_listing_is_told_by_its_first_element(content: bytes, form: str | None) -> None:
    assert form_of(content) == form


def test_two_runs_do_not_fetch_at_once(web: Site, tmp_path: Path) -> None:
    from filelock import FileLock

    kept = Kept.load(tmp_path)
    with FileLock(kept.folder / ".lock"), pytest.raises(IndexBusyError):
        run(web, tmp_path, "/a")


def test_a_damaged_memory_is_said(web: Site, tmp_path: Path) -> None:
    kept = Kept.load(tmp_path)
    (kept.folder / ".addresses.json").write_text("[")
    with pytest.raises(CorpusError, match="is damaged"):
        run(web, tmp_path, "/a")
