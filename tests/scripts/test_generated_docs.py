"""The generated pages say what the code says."""

import json

from scripts.contract.page import RESULTS as CONTRACT
from scripts.contract.page import ContractResults, contract_page
from scripts.generate_docs import DOCS, NOTE, api_reference, openapi, settings_reference


def test_the_api_reference_is_that_of_the_routes() -> None:
    description = openapi()
    assert json.loads((DOCS / "openapi.json").read_text("utf-8")) == description
    assert (DOCS / "api.md").read_text("utf-8") == api_reference(description)


def test_the_settings_page_is_that_of_the_settings() -> None:
    assert (DOCS / "settings.md").read_text("utf-8") == settings_reference()


def test_the_contract_page_is_that_of_the_figures() -> None:
    results = ContractResults.model_validate_json(CONTRACT.read_bytes())
    assert (DOCS / "contract.md").read_text("utf-8") == contract_page(results, note=NOTE)
