"""Reports in a real browser: headless Chromium."""

import re

import pytest
from browser import browser
from reports import page, rendered


@pytest.fixture(scope="module")
def chrome(chromium):
    """A browser for all tests here; it takes a second to start."""
    with browser(chromium) as running:
        yield running


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Path of a report with everything in it."""
    return page("plain", tmp_path_factory.mktemp("report"))


def test_a_report_is_shown_whole_and_without_complaints(chrome, written):
    shown = chrome.show(written)
    assert shown.title == "counts.h5: spiking network"
    assert "Operations and memory accesses" in shown.text
    assert shown.complaints == []
    assert len(shown.pictures) == 12
    for picture in shown.pictures:
        assert min(picture["natural"]) > 50
        assert min(picture["shown"]) > 50


def test_it_asks_for_nothing_but_itself(chrome, written):
    requests = chrome.show(written).requests
    assert requests[0] == written.as_uri()
    assert all(request.startswith("data:") for request in requests[1:])


@pytest.mark.parametrize("width", [320, 390, 800, 1600])
def test_it_fits_every_window_from_a_phone_on(chrome, written, width):
    shown = chrome.show(written, width=width)
    assert shown.width <= width
    for picture in shown.pictures:
        assert picture["shown"][0] <= max(width, 544)  # wide ones are moved sideways in their frame


def test_its_style_is_taken_and_follows_the_readers_scheme(chrome, written):
    colors = []
    for dark in (False, True):
        chrome.show(written, dark=dark)
        colors.append(chrome.value("getComputedStyle(document.body).backgroundColor"))
    assert colors == ["rgb(255, 255, 255)", "rgb(21, 25, 30)"]


def test_a_network_alone_is_shown_too(chrome, tmp_path):
    shown = chrome.show(page("alone", tmp_path))
    assert len(shown.pictures) == 1
    assert "This report is without samples." in shown.text
    assert shown.complaints == []


def test_a_hostile_network_is_read_and_not_run(chrome, tmp_path):
    shown = chrome.show(page("hostile", tmp_path))
    assert shown.title.startswith("net\"'><img src=x onerror=")
    assert "<script>document.title = 'taken'</script>" in shown.text
    assert "{{ 7 * 7 }}" in shown.text
    assert "script" not in shown.elements
    assert shown.complaints == []
    assert all(request.startswith(("file:", "data:")) for request in shown.requests)


def test_what_would_slip_in_is_forbidden(chrome, tmp_path):
    """The policy is the second lock; and what the tests above look for can be seen."""
    slipped = (
        b"<script>document.title = 'taken'</script><p style='color: red'></p>"
        # a handler is complained about when it's called
        b"<img src='https://example.invalid/x.png' onerror='x()' alt=''></body>"
    )
    content = rendered("plain").replace(b"</body>", slipped)
    path = tmp_path / "slipped.html"
    path.write_bytes(content)
    shown = chrome.show(path)
    assert shown.title == "counts.h5: spiking network"
    complaints = "\n".join(shown.complaints)
    for kind in ("inline script", "loading the image", "inline style", "inline event handler"):
        assert re.search(kind, complaints, re.I), complaints
    assert shown.pictures[-1]["natural"] == [0, 0]
