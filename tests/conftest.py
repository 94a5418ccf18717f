"""The suite's fixtures live in tests/plugins, one subject a file; the servers' plugin is loaded in pyproject.toml."""

pytest_plugins = ["tests.plugins.strictness", "tests.plugins.browser", "tests.plugins.roles"]
