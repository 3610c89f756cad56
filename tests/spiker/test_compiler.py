"""Compiled functions work where nothing can be kept, too."""

import pytest

numba = pytest.importorskip("numba", reason="numba is not installed")


def double(value):
    return 2 * value


@pytest.mark.parametrize("writable", [True, False])
def test_without_a_folder_it_compiles_anew(monkeypatch, writable):
    from numba.core.caching import CompileResultCacheImpl

    from spiker.compiler import compiled

    if not writable:
        monkeypatch.setattr(CompileResultCacheImpl, "_locator_classes", [])
        with pytest.raises(RuntimeError):  # or this says nothing
            numba.njit(cache=True)(double)
    assert compiled(double)(21) == 42
