"""A site of somebody else on this machine: pages in memory, each with a policy of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Its origin, its pages by path, and what answers a POST, by path, as JSON."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    posts: dict[str, Callable[[str], str]] = field(default_factory=dict)
    policy: str = ""


@contextmanager
def site(name: str = "localhost") -> Iterator[Site]:
    """A site under this name of this machine: for a browser `localhost` and `127.0.0.1` are different sites."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = shown.pages.get(self.path.partition("?")[0])
            self._send(200 if page else 404, "text/html; charset=utf-8", page or "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(200, "application/json", shown.posts[self.path](body))

        def _send(self, status: int, kind: str, content: str) -> None:
            sent = content.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(sent)))
            if shown.policy:
                self.send_header("Content-Security-Policy", shown.policy)
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shown = Site(f"http://{name}:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield shown
        server.shutdown()
        thread.join()
