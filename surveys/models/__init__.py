"""What is listened to: complaints and suggestions, the yearly survey, and the themes of what people say."""

from surveys.models.complaints import Complaint, ComplaintQuerySet
from surveys.models.contacts import SurveyContact, SurveyMailing, SurveyOptOut
from surveys.models.drafts import ComplaintDraft, DraftFile
from surveys.models.handling import ComplaintAssignment, ComplaintCoding
from surveys.models.instruments import Instrument
from surveys.models.months import ComplaintMonth
from surveys.models.open311 import ApiKey, PublicText, SentByApplication
from surveys.models.papers import PaperDecision, PaperEntry, PaperTally
from surveys.models.reviews import QuarterlyReview, ReviewAgreement
from surveys.models.rounds import (
    Invitation,
    Round,
    RoundQuerySet,
    RoundResponse,
    RoundResult,
    SlipBatch,
    Stratum,
    SurveyScreen,
)
from surveys.models.terms import AnswerTemplate, ComplaintTerms
from surveys.models.themes import Theme, ThemeRun, ThemeText
from surveys.models.thread import ComplaintAnswer, ComplaintEntry, ComplaintFile

__all__ = [
    "AnswerTemplate",
    "ApiKey",
    "Complaint",
    "ComplaintAnswer",
    "ComplaintAssignment",
    "ComplaintCoding",
    "ComplaintDraft",
    "ComplaintEntry",
    "ComplaintFile",
    "ComplaintMonth",
    "ComplaintQuerySet",
    "ComplaintTerms",
    "DraftFile",
    "Instrument",
    "Invitation",
    "PaperDecision",
    "PaperEntry",
    "PaperTally",
    "PublicText",
    "QuarterlyReview",
    "ReviewAgreement",
    "Round",
    "RoundQuerySet",
    "RoundResponse",
    "RoundResult",
    "SentByApplication",
    "SlipBatch",
    "Stratum",
    "SurveyContact",
    "SurveyMailing",
    "SurveyOptOut",
    "SurveyScreen",
    "Theme",
    "ThemeRun",
    "ThemeText",
]
