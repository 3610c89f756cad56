"""Templates of the VHDL that isn't converted from MyHDL."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PackageLoader(package, "vhdl"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - it's VHDL; what users write never reaches it
    )


def render(template: str, package: str = "hw", **values: object) -> str:
    """Text of `template`, a file in the folder ``vhdl`` of `package`, with `values` filled in."""
    return _environment(package).get_template(template).render(**values)
