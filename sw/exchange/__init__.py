"""Networks from and for other frameworks: NIR in and out, snnTorch in (docs/exchange.md)."""

from typing import TYPE_CHECKING

from sw.exchange.choices import Choices
from sw.exchange.integer_network import Imported, LayerFit
from sw.exchange.nir_import import from_nir
from sw.exchange.snntorch_description import SnnTorchLayer
from sw.exchange.snntorch_import import from_snntorch

if TYPE_CHECKING:
    from sw.exchange.nir_export import to_nir, write_nir

__all__ = [
    "Choices",
    "Imported",
    "LayerFit",
    "SnnTorchLayer",
    "from_nir",
    "from_snntorch",
    "to_nir",
    "write_nir",
]


def __getattr__(name: str) -> object:
    """Import what needs the package `nir` when it's asked for: importing a network doesn't."""
    if name in ("to_nir", "write_nir"):
        from sw.exchange import nir_export

        return getattr(nir_export, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
