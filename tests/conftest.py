"""`pytest --hypothesis-profile=long tests/…` tries a hundred times as many examples: by hand, for minutes."""

from hypothesis import settings

settings.register_profile("long", max_examples=10_000, deadline=None)
