"""Registries refuse duplicates and explain unknown names."""

import pytest

from spiker import IF, LI, LIF, ConfigError, CubaLIF
from spiker.neurons import NEURONS
from spiker.registry import Registry


def test_neurons_are_known_by_name():
    assert dict(NEURONS) == {"if": IF, "lif": LIF, "cubalif": CubaLIF, "li": LI}


def test_unknown_name_is_answered_with_the_known_ones():
    registry = Registry("fruit", {"apple": 1, "pear": 2})
    with pytest.raises(ConfigError, match=r"^unknown fruit 'plum'; known: apple, pear$"):
        registry["plum"]
    with pytest.raises(ConfigError, match="unknown fruit"):
        registry[["no name at all"]]


def test_taken_name_is_refused_and_the_part_stays():
    registry = Registry("fruit", {"apple": 1})
    with pytest.raises(ConfigError, match=r"^fruit 'apple' is registered already$"):
        registry.register("apple", 2)
    assert registry["apple"] == 1


def test_registry_is_a_mapping_in_the_order_of_registration():
    registry = Registry("fruit", {"pear": 2})
    registry.register("apple", 1)
    assert list(registry) == ["pear", "apple"]
    assert len(registry) == 2
    assert "apple" in registry
    assert "plum" not in registry
