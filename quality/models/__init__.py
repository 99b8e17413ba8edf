"""Tables of the quality module."""

from quality.models.assessments import Answer, AnswerEvidence, Assessment, AssessmentParticipant
from quality.models.catalogue import Attribute, CatalogueVersion, ComplaintCategory, Component, Standard
from quality.models.levels import LevelRecord

__all__ = [
    "Answer",
    "AnswerEvidence",
    "Assessment",
    "AssessmentParticipant",
    "Attribute",
    "CatalogueVersion",
    "ComplaintCategory",
    "Component",
    "LevelRecord",
    "Standard",
]
