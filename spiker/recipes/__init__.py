"""The recipes that come with spiker, as TOML files."""
