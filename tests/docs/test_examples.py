"""The examples in the documents: every Python block is run, in order; sessions give what is printed.

A comment ``<!-- needs: ghdl -->`` in the line before a block names the programs that it needs.
"""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
BLOCK = re.compile(r"(?:^<!-- needs: (?P<needs>[\w ,]+) -->\n)?^```python\n(?P<code>.*?)^```$", re.M | re.S)


def blocks(document):
    """Python blocks: the line in which the code starts, the programs it needs, the code."""
    text = document.read_text("utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("code")) + 1
        yield line, re.findall(r"\w+", found["needs"] or ""), found["code"]


def run_session(code, names, name, line):
    """Run a session; the report of what differs, empty where nothing does."""
    session = doctest.DocTestParser().get_doctest(code, names, name, name, line - 1)
    report = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(session, out=report.append, clear_globs=False)
    names.update(session.globs)
    return "".join(report)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_examples_run_and_give_what_is_printed(document, tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    for line, programs, code in blocks(document):
        for program in programs:
            request.getfixturevalue(program)
        if ">>> " in code:
            report = run_session(code, names, document.name, line)
            if report:
                pytest.fail(report, pytrace=False)
        else:
            exec(compile("\n" * (line - 1) + code, str(document), "exec"), names)


def test_documents_have_examples():
    counts = {document.name: len(list(blocks(document))) for document in DOCUMENTS}
    assert counts["contract.md"] >= 10
    assert counts["format.md"] >= 4
    assert counts["README.md"] == 1


def test_the_readmes_example_is_short():
    ((_, _, code),) = blocks(ROOT / "README.md")
    assert len(code.splitlines()) <= 20
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


def test_wrong_output_is_seen():
    assert "Expected:\n    3" in run_session(">>> 1 + 1\n3\n", {}, "example", 1)


def test_names_live_on_in_the_next_block():
    names = {}
    assert run_session(">>> value = 2\n", names, "example", 1) == ""
    assert run_session(">>> value\n2\n", names, "example", 5) == ""


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_files_that_are_named_exist(document):
    named = re.findall(
        r"`((?:spiker|hw|sw|cosim|tests|docs|benchmarks)/[\w/.]+)`", document.read_text("utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []
