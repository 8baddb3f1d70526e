"""A web site on loopback that answers as a test tells it to."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]
Answers = Answer | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Answers requests from a list, one after the other; the last answer is repeated."""

    def __init__(self, answers: list[Answers]) -> None:
        self.answers = answers
        self.requests: list[dict[str, list[str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append(parse_qs(urlsplit(self.path).query))
                answer = site.answers[min(len(site.requests), len(site.answers)) - 1]
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


Serve = Callable[..., Site]


def good(body: str) -> Answer:
    return 200, {}, body.encode()
