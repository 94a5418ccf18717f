"""The suite's fixtures live in tests/plugins, one subject a file; the servers' plugin is loaded in pyproject.toml."""

pytest_plugins = [
    "tests.plugins.browser",
    "tests.plugins.cast",
    "tests.plugins.flush",
    "tests.plugins.garbage",
    "tests.plugins.history",
    "tests.plugins.repeatable",
    "tests.plugins.requirements",
    "tests.plugins.roles",
    "tests.plugins.strictness",
]
