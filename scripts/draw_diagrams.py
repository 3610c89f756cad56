"""Bring the timing diagrams in the docs up to date: simulate, write WaveDrom's JSON, draw the pictures.

The scenes are in tests/block_scenes.py; tests/docs/test_blocks.py
checks that the pages and the pictures are what this writes.
"""

import json
import re
import sys
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import wavedrom  # noqa: E402
from block_scenes import DIAGRAM, PAGES, SCENES, digest, drawn, picture, sections, written  # noqa: E402

LETTER = 7
"""Pixels."""
SVG, LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


def write_page(path: Path) -> None:
    """Put what the simulation gives into a page."""
    text = path.read_text("utf-8")
    parts = sections(text)
    for scene in SCENES:
        if scene.page == path.stem:
            now = f"```wavedrom\n{written(scene.diagram())}```\n"
            parts[scene.title] = DIAGRAM.sub(lambda _, now=now: now, parts[scene.title])
    path.write_text("".join(parts.values()), "utf-8")


def scale(found: dict) -> int:
    """Width of a cycle, 1 to 3 times 40 pixels, that has room for the values and the heading."""
    needed = len(found.get("head", {}).get("text", "")) * LETTER / (40 * len(found["signal"][0]["wave"]))
    for row in found["signal"]:
        boxes = re.findall(r"[=3-9]\.*", row["wave"])
        for place, (box, text) in enumerate(zip(boxes, row.get("data", ()), strict=False)):
            # WaveDrom puts the first text further to the left
            room = 40 * len(box) - (20 if not place and row["wave"].startswith(box) else 6)
            needed = max(needed, len(text) * LETTER / room)
    return min(3, ceil(needed))


def svg(found: dict) -> str:
    """A diagram as a picture, without the parts of WaveDrom's skin that it doesn't use."""
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", LINK)
    scaled = found | {"config": {"hscale": scale(found)}}
    root = ElementTree.fromstring(wavedrom.render(json.dumps(scaled)).tostring())  # noqa: S314 - our own
    used = {use.get(f"{{{LINK}}}href", "")[1:] for use in root.iter(f"{{{SVG}}}use")}
    for part in root.iter(f"{{{SVG}}}defs"):
        for child in [child for child in part if child.get("id") and child.tag.endswith("}g")]:
            if child.get("id") not in used:
                part.remove(child)
    drawing = ElementTree.tostring(root, encoding="unicode")
    drawing = re.sub(r"<svg ", '<svg style="background:white" ', drawing, count=1)
    return f"<!-- {digest(found)} -->\n{drawing}\n"


def main() -> None:
    """Pages, then their pictures."""
    for path in [*sorted(PAGES.glob("*.md")), ROOT / "docs" / "axi.md"]:
        write_page(path)
        for title, found in drawn(path.read_text("utf-8")).items():
            target = picture(path.stem, title)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(svg(found), "utf-8")


if __name__ == "__main__":
    main()
