"""What is wrong with a recipe, in one line: each key's path, what was found, what is allowed."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

LONGEST_VALUE = 40
"""Characters of a found value that a message shows."""

Sections = Mapping[tuple[str, ...], type[BaseModel]]


def one_line(error: ValidationError, sections: Sections) -> str:
    """All problems, joined by ``; ``.

    Parameters
    ----------
    error : ValidationError
    sections : mapping
        The model of each table, by its names on the way from the top; a table of several kinds has
        its kind as the last name.
    """
    problems: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False):
        path, text = _path(detail["loc"], sections), _text(detail, sections)
        found = problems.setdefault(path, [])
        if text not in found:
            found.append(text)
    return "; ".join(
        f"{path} {_either(texts)}".strip()
        for path, texts in problems.items()
        # what is wrong with a part says more than that the whole isn't as it should be
        if not any(other.startswith((f"{path}[", f"{path}.")) for other in problems)
    )


def _either(texts: list[str]) -> str:
    """Texts about one value; what is found is said once."""
    found, separator, allowed = texts[0].partition(_ALLOWED_FOLLOWS)
    if separator and all(text.startswith(found + separator) for text in texts):
        rest = (text.removeprefix(found + separator) for text in texts[1:])
        return " or ".join((found + separator + allowed, *rest))
    return " or ".join(texts)


def _text(detail: ErrorDetails, sections: Sections) -> str:
    kind = detail["type"]
    if kind in _TEXTS:
        return _TEXTS[kind](detail, sections)
    return f"= {_shown(detail['input'])}{_ALLOWED_FOLLOWS}{_allowed(detail)}"


def _missing(detail: ErrorDetails, sections: Sections) -> str:
    if detail["loc"] == ("layers",):
        return "is missing: at least one layer is required, [[layers]]"
    if detail["loc"] == ("data",):
        return "is missing: the data set is required, [data] with its name"
    return "is missing"


def _unknown(detail: ErrorDetails, sections: Sections) -> str:
    model = sections.get(tuple(part for part in detail["loc"][:-1] if isinstance(part, str)))
    known = ", ".join(model.model_fields) if model is not None else "none"
    return f"is an unknown key; known: {known}"


def _no_kind(detail: ErrorDetails, sections: Sections) -> str:
    return f"lacks {_kind_key(detail)}"


def _unknown_kind(detail: ErrorDetails, sections: Sections) -> str:
    context = detail["ctx"]
    return f"has {_kind_key(detail)} = {_shown(context['tag'])}; allowed: {context['expected_tags']}"


def _kind_key(detail: ErrorDetails) -> str:
    return str(detail["ctx"]["discriminator"]).strip("'")


def _too_few(detail: ErrorDetails, sections: Sections) -> str:
    return "are none: at least one layer is required, [[layers]]"


_TEXTS: dict[str, Callable[[ErrorDetails, Sections], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "union_tag_not_found": _no_kind,
    "union_tag_invalid": _unknown_kind,
    "too_short": _too_few,
}

_ALLOWED_FOLLOWS = "; allowed: "

_ALLOWED = {
    "int_type": "an integer",
    "float_type": "a number",
    "string_type": "text",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def _allowed(detail: ErrorDetails) -> str:
    if detail["type"] in _ALLOWED:
        return _ALLOWED[detail["type"]]
    if "expected" in detail.get("ctx", {}):
        return str(detail["ctx"]["expected"])
    return detail["msg"].removeprefix("Input should be ")


def _path(location: tuple[int | str, ...], sections: Sections) -> str:
    """``layers[0].size``, without the names of the kinds and types that pydantic puts in between."""
    text = ""
    names: tuple[str, ...] = ()
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        table, names = names, (*names, part)
        if names in sections and not _has_key(sections.get(table), part):
            continue
        if ("[" in part and "]" in part) or part in ("int", "none"):
            continue
        text += f".{part}" if text else part
    return text


def _has_key(table: type[BaseModel] | None, name: str) -> bool:
    """Whether a name stands in a table, and isn't pydantic's for one of several kinds."""
    return table is not None and name in table.model_fields


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."
