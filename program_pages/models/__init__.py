"""The programme's models, gathered for Django; import from the modules themselves."""

from program_pages.models.calculator import CalculatorPage
from program_pages.models.catalogue import Price, Product
from program_pages.models.edition import TermsEdition
from program_pages.models.edition_rows import (
    Benefit,
    BenefitCell,
    Bonus,
    BonusPoints,
    Clause,
    GoldenCase,
    LevelTerms,
    Requirement,
    TermsSection,
)
from program_pages.models.event import Event
from program_pages.models.level import Level, ProductLine
from program_pages.models.pages import (
    BenefitsPage,
    ContactsPage,
    ContentPage,
    EventsPage,
    FaqPage,
    HomePage,
    JoinPage,
    LevelsPage,
    ProductsPage,
    ProgrammePage,
    TermsPage,
)
from program_pages.models.reading import Reading, ReadingAlternative, ReadingDecision
from program_pages.models.settings import VendorSettings

__all__ = [
    "Benefit",
    "BenefitCell",
    "BenefitsPage",
    "Bonus",
    "BonusPoints",
    "CalculatorPage",
    "Clause",
    "ContactsPage",
    "ContentPage",
    "Event",
    "EventsPage",
    "FaqPage",
    "GoldenCase",
    "HomePage",
    "JoinPage",
    "Level",
    "LevelTerms",
    "LevelsPage",
    "Price",
    "Product",
    "ProductLine",
    "ProductsPage",
    "ProgrammePage",
    "Reading",
    "ReadingAlternative",
    "ReadingDecision",
    "Requirement",
    "TermsEdition",
    "TermsPage",
    "TermsSection",
    "VendorSettings",
]
