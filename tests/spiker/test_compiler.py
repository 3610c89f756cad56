"""Compiled functions work where nothing can be kept, too."""

import pytest

numba = pytest.importorskip("numba", reason="numba is not installed")


def double(value):
    return 2 * value


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize("name", ["compiled", "inlined"])
def test_without_a_folder_it_compiles_anew(monkeypatch, name, writable):
    from numba.core.caching import CompileResultCacheImpl

    from spiker import compiler

    if not writable:
        monkeypatch.setattr(CompileResultCacheImpl, "_locator_classes", [])
        with pytest.raises(RuntimeError):  # or this says nothing
            numba.njit(cache=True)(double)
    assert getattr(compiler, name)(double)(21) == 42
