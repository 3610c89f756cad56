"""The error of a setting, which whoever knows the recipe gives the recipe's name."""

from spiker.errors import ConfigError


class SettingError(ConfigError):
    """A key of ``[training]``, which the message names, doesn't fit the network, the data or torch."""
