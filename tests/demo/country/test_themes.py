"""The demonstration has named themes to look at, and texts to read."""

from __future__ import annotations

import pytest

from surveys import sources
from surveys.enums import RunState
from surveys.models import ThemeRun, ThemeText
from surveys.queries.themes import changes

pytestmark = pytest.mark.xdist_group("demo")  # one worker builds it for all


@pytest.mark.usefixtures("small_country")
def test_a_municipality_looked_for_themes_twice_and_has_begun_again() -> None:
    runs = list(ThemeRun.objects.filter(municipality__name="Quillota").order_by("ends_on"))

    assert [run.state for run in runs] == [RunState.CLOSED, RunState.CLOSED, RunState.READING]
    for run in runs[:2]:
        names = {theme["name"] for theme in run.summary["themes"]}
        assert {"Me hicieron esperar mucho", "Me trataron mal"} <= names
        assert all(theme["standards"] for theme in run.summary["themes"])
        assert run.summary["themes"][0]["per_thousand"]
    assert any(change.before and change.now for change in changes(runs[1]))
    read = set(runs[2].texts.values_list("decision", flat=True))
    assert read == {"pending", "read"}
    assert ThemeRun.objects.closed().exclude(municipality__name="Quillota").exists()


@pytest.mark.usefixtures("small_country")
def test_nobody_is_named_in_the_texts_that_were_read() -> None:
    texts = " ".join(ThemeText.objects.filter(decision="read").values_list("text", flat=True))

    assert "[RUN]" in texts
    for told in ("Juana Pérez", "12.345.678", "8765 4321", "vecina@", "Los Aromos"):
        assert told not in texts
    assert sources.get("demo.notes") is None
