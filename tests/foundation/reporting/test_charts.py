"""Pictures: right cells, blanks blank, the same bytes for the same data."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from portal.foundation.reporting import charts

VALUES = np.array([[0, 1, np.nan], [2, 3, 0]])
WORDS = {
    "rows": ["Ñuñoa", "Arica"],
    "columns": ["E1", "E2", "E3"],
    "title": "Niveles",
    "looks": [charts.Look(color, str(level), f"nivel {level}") for level, color in enumerate(charts.LEVEL_COLORS)],
    "blank": "sin dato",
}


def test_each_cell_is_one_pixel_of_its_colour_and_missing_is_blank():
    image = Image.open(io.BytesIO(charts.heatmap_png(VALUES)))

    assert (image.mode, image.size) == ("P", (3, 2))
    colors = ["#{:02x}{:02x}{:02x}".format(*pixel) for pixel in image.convert("RGB").get_flattened_data()]
    assert colors == [*charts.LEVEL_COLORS[:2], charts.BLANK_COLOR, *charts.LEVEL_COLORS[2:], charts.LEVEL_COLORS[0]]


def test_a_country_weighs_few_kilobytes():
    values = np.random.default_rng(1).integers(0, 4, (345, 31)).astype(float)

    assert len(charts.heatmap_png(values)) < 6 * 1024


@pytest.mark.parametrize("values", [[[4.0]], [[-1.0]], [[1.5]], [1.0]])
def test_values_outside_the_scale_are_refused(values):
    with pytest.raises(ValueError, match="heatmap"):
        charts.heatmap_png(np.array(values))


def test_the_same_data_gives_the_same_bytes_also_when_drawn_again():
    def draw():
        charts.store.clear()
        bars = charts.bars_svg(["A", "B"], [1, 2.5], title="Puntos", unit=" %")
        return charts.labelled_heatmap_png(VALUES, **WORDS), bars

    assert draw() == draw()


def test_other_data_gives_another_picture():
    assert charts.heatmap_png(VALUES) != charts.heatmap_png(VALUES.T)
    assert charts.heatmap_png(np.zeros((2, 3))) != charts.heatmap_png(np.zeros((3, 2)))


def test_a_picture_is_drawn_once(monkeypatch):
    charts.labelled_heatmap_png(VALUES, **WORDS)
    monkeypatch.setattr(charts, "_heatmap_figure", None)

    assert charts.labelled_heatmap_png(VALUES, **WORDS).startswith(b"\x89PNG")


def drawn(**changes):
    """The figure itself, to be asked what it shows."""
    words = {"groups": (), "old": None, "old_label": "", **WORDS, **changes}
    return charts._heatmap_figure(VALUES, **words).axes[0]


def legend_of(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_a_picture_says_by_marks_and_patterns_what_it_says_by_colour():
    looks = [charts.Look("#ffffff", str(level), f"nivel {level}", "/" * level) for level in range(4)]

    axes = drawn(looks=looks)

    assert [text.get_text() for text in axes.texts] == ["0", "1", "2", "3", "0"]  # and nothing on the blank cell
    hatches = [collection.get_hatch() for collection in axes.collections if collection.get_paths()]
    assert hatches == ["", "/", "//", "///", None]
    assert legend_of(axes) == ["0  nivel 0", "1  nivel 1", "2  nivel 2", "3  nivel 3", "sin dato"]


def test_old_evidence_gets_a_border_and_its_words():
    old = np.array([[False, True, False], [True, False, False]])

    axes = drawn(old=old, old_label="evidencia antigua")

    borders = axes.collections[-1].get_paths()
    assert [path.get_extents().p0.round(1).tolist() for path in borders] == [[0.6, -0.4], [-0.4, 0.6]]
    assert "evidencia antigua" in legend_of(axes)


def test_rows_stand_below_the_name_of_their_group():
    axes = drawn(groups=[("Etapa 1", 1), ("Etapa 2", 1)])

    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["Etapa 1", "Ñuñoa", "Etapa 2", "Arica"]
    assert [text.get_position() for text in axes.texts][-1] == (2, 3)
    with pytest.raises(ValueError, match="groups"):
        charts.labelled_heatmap_png(VALUES, **WORDS, groups=[("Etapa 1", 1)])


def test_bars_carry_their_names_and_numbers():
    svg = charts.bars_svg(["Atención"], [2.5], title="Puntos", unit=" %")

    assert "Atención" in svg
    assert "2.5 %" in svg
