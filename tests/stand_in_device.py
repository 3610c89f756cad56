"""A device that isn't there: it computes on the CPU, but never mixes its tensors with the CPU's, as a GPU."""

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

DEVICE = torch.device("meta")
"""What it's called: the one that every PyTorch knows, and that computes nothing by itself."""
COPIES = {torch.ops.aten.copy_.default, torch.ops.aten._to_copy.default}
"""They alone go from one device to another."""


class Elsewhere(torch.Tensor):
    """A tensor on the device; `here` has its values."""

    here: torch.Tensor

    @staticmethod
    def __new__(cls, here: torch.Tensor) -> "Elsewhere":
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            here.size(),
            strides=here.stride(),
            storage_offset=here.storage_offset(),
            dtype=here.dtype,
            device=DEVICE,
        )
        made.here = here
        return made

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return _execute(func, args, kwargs or {})


class StandIn(TorchDispatchMode):
    """Within it, in this thread, what is made on `DEVICE` or moved there can compute."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return _execute(func, args, kwargs or {})


def with_constants(make: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """`torch.tensor` or `torch.as_tensor`, which fill a device by no operation that could be seen."""

    def made(*args: Any, device: torch.device | None = None, **kwargs: Any) -> torch.Tensor:
        return make(*args, **kwargs).to(DEVICE) if device == DEVICE else make(*args, device=device, **kwargs)

    return made


def _execute(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    tensors = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]
    away = [value for value in tensors if isinstance(value, Elsewhere)]
    # a single number of the CPU's may go with a GPU's tensors
    if away and func not in COPIES and any(value.dim() and type(value) is torch.Tensor for value in tensors):
        raise RuntimeError(f"{func}: tensors on two devices")
    target = kwargs.get("device")
    goes_there = bool(away) if target is None else torch.device(target) == DEVICE
    if target is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    found = func(*_here(args), **_here(kwargs))
    if func is torch.ops.aten.copy_.default:
        return args[0]
    # what was written in place is the tensor that it was
    known = {id(value.here): value for value in away}

    def there(value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return value
        return known[id(value)] if id(value) in known else Elsewhere(value)

    return tree_map(there, found) if goes_there else found


def _here(values: Any) -> Any:
    return tree_map(lambda value: value.here if isinstance(value, Elsewhere) else value, values)
