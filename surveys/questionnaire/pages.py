"""A questionnaire in pages of a few questions that belong together. Pure."""

from __future__ import annotations

from surveys.questionnaire.model import Question, Questionnaire, Role

# Roles that may share a page.
_TOGETHER = {
    Role.FILTER: "service",
    Role.OVERALL: "overall",
    Role.EFFORT: "how",
    Role.PROBLEM: "how",
    Role.SOLVED: "how",
    Role.RECOMMEND: "how",
    Role.ADJUSTER: "result",
    Role.OPEN: "open",
    Role.DEMOGRAPHIC: "about",
}
MOST_ON_A_PAGE = 5

Page = tuple[Question, ...]


def pages(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """The questions in their order. A new page begins with another matter, after :data:`MOST_ON_A_PAGE`, and
    before a question that depends on one of the same page: without scripts nothing appears while one answers."""
    found: list[list[Question]] = []
    for question in questionnaire.questions:
        if not found or not _belongs(question, found[-1]):
            found.append([])
        found[-1].append(question)
    return tuple(tuple(page) for page in found)


def _belongs(question: Question, page: list[Question]) -> bool:
    depends = {condition.question for condition in question.when} & {one.code for one in page}
    return not depends and len(page) < MOST_ON_A_PAGE and matter(question) == matter(page[0])


def matter(question: Question) -> str:
    """What a question is about: its component where it scores, else its role's."""
    return question.component or _TOGETHER.get(question.role, question.role.value)
