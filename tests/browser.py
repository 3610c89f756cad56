"""A real browser without a window, spoken to through two pipes (Chrome DevTools Protocol).

What a page does is seen from outside: what it asks for, what it complains about, how large its pictures
come out. Nothing is put into the page.
"""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
AS_3_AND_4 = """
import os, sys
places = [os.dup(int(place)) for place in sys.argv[1:3] for _ in range(3)]  # the last ones lie above 4
os.dup2(places[2], 3)
os.dup2(places[5], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""  # it hears its commands there, and answers; dash knows no places of two digits

PATIENCE = 60  # seconds; a page is there after a tenth of one

SETTLED = "new Promise(done => setTimeout(done, 200))"
PICTURES = """
[...document.images].map(i => ({alt: i.alt, natural: [i.naturalWidth, i.naturalHeight],
  shown: [i.getBoundingClientRect().width, i.getBoundingClientRect().height]}))
"""


@dataclass
class Shown:
    """A page, as the browser shows it.

    Attributes
    ----------
    title : str
    text : str
        What can be read on it.
    pictures : list
        `alt`, `natural` and `shown` sizes of each.
    requests : list of str
        Addresses that it asked for.
    complaints : list of str
        On the console: errors, warnings, refusals by its policy.
    width : int
        Of all that is on it, in pixels.
    elements : dict
        How many there are of a name.
    """

    title: str = ""
    text: str = ""
    pictures: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)
    width: int = 0
    elements: dict = field(default_factory=dict)


class Browser:
    """A running browser with one page."""

    def __init__(self, to_browser, from_browser):
        self._to, self._from = to_browser, from_browser
        self._number = 0
        self._buffer = b""
        self._events = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = None
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self._call(f"{domain}.enable")

    def show(self, file, *, width=1200, height=900, dark=False):
        """Open a file in a window of that size, in pixels."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._events.clear()
        self._call("Page.navigate", url=Path(file).resolve().as_uri())
        self._wait_for("Page.loadEventFired")
        # complaints may come a little later
        self._call("Runtime.evaluate", expression=SETTLED, awaitPromise=True)
        shown = Shown(
            title=self.value("document.title"),
            text=self.value("document.body.innerText"),
            pictures=self.value(PICTURES),
            width=self.value("document.documentElement.scrollWidth"),
            elements=self.value(
                "[...document.querySelectorAll('*')].reduce((n, e) => "
                "(n[e.localName] = (n[e.localName] || 0) + 1, n), {})"
            ),
        )
        for event in self._events:
            parameters = event["params"]
            if event["method"] == "Network.requestWillBeSent":
                shown.requests.append(parameters["request"]["url"])
            elif event["method"] == "Log.entryAdded":
                shown.complaints.append(parameters["entry"]["text"])
            elif event["method"] in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                shown.complaints.append(json.dumps(parameters))
        return shown

    def value(self, expression):
        """Value of an expression about the page."""
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"]["value"]

    def _call(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if getattr(self, "_session", None) is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _wait_for(self, method):
        while not any(event["method"] == method for event in self._events):
            self._read()

    def _read(self):
        """The next message; events are kept."""
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            readable, _, _ = select.select([self._from], [], [], max(0, end - time.monotonic()))
            if not readable or not (more := os.read(self._from, 1 << 20)):
                raise AssertionError("the browser doesn't answer")
            self._buffer += more
        first, _, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(first)
        if "method" in message:
            self._events.append(message)
        return message


@contextlib.contextmanager
def browser(program):
    """Run a browser with a profile of its own; both are gone afterwards."""
    profile = tempfile.mkdtemp()
    commands_out, commands_in = os.pipe()
    answers_out, answers_in = os.pipe()
    running = subprocess.Popen(
        [
            sys.executable,
            "-c",
            AS_3_AND_4,
            str(commands_out),
            str(answers_in),
            program,
            *QUIET,
            f"--user-data-dir={profile}",
        ],
        pass_fds=(commands_out, answers_in),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(commands_out)
    os.close(answers_in)
    try:
        yield Browser(commands_in, answers_out)
    finally:
        os.close(commands_in)  # it ends with its commands
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        os.close(answers_out)
        shutil.rmtree(profile, ignore_errors=True)
