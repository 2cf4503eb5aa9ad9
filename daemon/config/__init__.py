"""Settings for administrators: one strict TOML file, ``NOTICED_...`` environment, secrets from files."""
