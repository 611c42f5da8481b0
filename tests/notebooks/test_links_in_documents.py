"""The documents beside the notebooks (README and the like): every relative link leads somewhere."""
from pathlib import Path

import pytest

from .links import broken_links, documents, registry_addresses

ROOT = Path(__file__).resolve().parents[2]
every_document = pytest.mark.parametrize("path", documents(ROOT), ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_links_lead_somewhere(path):
    faults = broken_links(path.read_text(encoding="utf-8"), path)
    assert not faults, "\n  ".join([f"{path.name}:", *faults])


@every_document
def test_no_registry_is_named_by_address(path):
    assert registry_addresses(path.read_text(encoding="utf-8")) == []
