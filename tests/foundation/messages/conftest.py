from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def message_templates(settings):
    """Make the texts of ``tests/foundation/messages/templates`` known."""
    configured = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**configured, "DIRS": [*configured["DIRS"], HERE / "templates"]}]
