"""The rows of a terms edition: levels, requirements, benefits, bonuses, sections, clauses and worked examples.

Every row belongs to one edition and is frozen with it. A row cites its clause by the clause's
code ("R50"), which survives copying to a new edition; ``program_pages.completeness`` refuses codes that do not exist.

A module a subject.
"""

from program_pages.models.edition_rows.benefits import Benefit, BenefitCell, BenefitSource
from program_pages.models.edition_rows.bonuses import Bonus, BonusPoints
from program_pages.models.edition_rows.cases import GoldenCase
from program_pages.models.edition_rows.levels import LevelTerms, Requirement
from program_pages.models.edition_rows.texts import Clause, TermsSection

__all__ = [
    "Benefit",
    "BenefitCell",
    "BenefitSource",
    "Bonus",
    "BonusPoints",
    "Clause",
    "GoldenCase",
    "LevelTerms",
    "Requirement",
    "TermsSection",
]
