"""The questionnaires that come with the product, as the catalogue's categories label them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from surveys.questionnaire.model import Questionnaire, Words
from surveys.questionnaire.reading import read_file

ROOT = Path(__file__).parents[3]
FILE = ROOT / "surveys" / "data" / "questionnaire-cl-rsh-0.2.0.yaml"
CATALOGUE = ROOT / "quality" / "data" / "catalogue-cl-rsh-0.1.0.yaml"


@cache
def catalogue() -> dict[str, list[dict[str, object]]]:
    return yaml.safe_load(CATALOGUE.read_text())


@cache
def categories() -> dict[str, Words]:
    return {row["code"]: Words(**row["name"]) for row in catalogue()["complaint_categories"]}  # type: ignore[index,arg-type,misc]


@cache
def shipped() -> dict[str, Questionnaire]:
    return read_file(FILE.read_bytes(), categories())
