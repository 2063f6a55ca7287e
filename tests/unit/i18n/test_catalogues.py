"""Every shipped language is complete: ``make messages`` leaves nothing to do."""

import pytest

from tests.messages.catalogues import CatalogueFile, catalogue_files


@pytest.mark.parametrize("file", list(catalogue_files()), ids=lambda file: f"{file.language}-{file.domain}")
def test_every_message_is_used_and_translated(file: CatalogueFile) -> None:
    assert list(file.problems()) == []
