"""The pages that publish the programme, in both languages, from the edition in force on the day; a room a subject.

Every page has an introduction and a body of blocks for its own words (``base``); numbers come from ``terms``. The
calculator's page is ``models.calculator``. May not import the partners.
"""

from program_pages.models.pages.base import BasePage, RoutedPage, SinglePage
from program_pages.models.pages.events import EventsPage
from program_pages.models.pages.home import HomePage
from program_pages.models.pages.levels import LevelsPage
from program_pages.models.pages.plain import BenefitsPage, ContactsPage, ContentPage, FaqPage, JoinPage, ProgrammePage
from program_pages.models.pages.products import ProductsPage
from program_pages.models.pages.terms import TermsPage

__all__ = [
    "BasePage",
    "BenefitsPage",
    "ContactsPage",
    "ContentPage",
    "EventsPage",
    "FaqPage",
    "HomePage",
    "JoinPage",
    "LevelsPage",
    "ProductsPage",
    "ProgrammePage",
    "RoutedPage",
    "SinglePage",
    "TermsPage",
]
