"""One state of the code is tested in one order and on the same examples: what passed does not fail by luck elsewhere.

New commits change the order. `make test ORDER=N` tries another one, `ARGS=--hypothesis-profile=search` other examples.
"""

from hypothesis import settings

# How fast an example runs says more about the machine than about the code.
settings.register_profile("search", deadline=None)
settings.register_profile("opora", settings.get_profile("search"), derandomize=True)
settings.load_profile("opora")
