"""The partners' models, gathered for Django; import from the modules themselves."""

from partner_directory.models.application import Application, JoiningStep
from partner_directory.models.badge import Badge, Credential, KitDownload
from partner_directory.models.bonus import Balance, BonusRequest, LedgerEntry, LedgerTransaction, Sale, SalesPlan
from partner_directory.models.directory_page import DirectoryPage
from partner_directory.models.edition_notice import EditionNotice, EditionRelease
from partner_directory.models.enquiry import ConsentText, Enquiry, Turn
from partner_directory.models.facts import (
    Announcement,
    AnnouncementCheck,
    ClientReview,
    EventParticipation,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.geography import City, Country, Region
from partner_directory.models.impact import Impact, ImpactRow
from partner_directory.models.industry import Industry
from partner_directory.models.level_change import LevelChange
from partner_directory.models.listing import DirectoryVersion, Listing, Word
from partner_directory.models.logos_page import LogosPage
from partner_directory.models.mark import Mark, MarkFile, MarkVersion
from partner_directory.models.material import HelpRequest, LicenceRequest, Material, TrainingSeat
from partner_directory.models.membership import Membership, Suspension
from partner_directory.models.message import LetterText, Message
from partner_directory.models.overlay import Overlay, OverlayChange
from partner_directory.models.partner import Office, OldAddress, Partner, Reference
from partner_directory.models.people import AccountConsent, Invitation, TeamMember
from partner_directory.models.private_file import PrivateFile
from partner_directory.models.site_check import SiteCheck
from partner_directory.models.specialist import Specialist
from partner_directory.models.talk import Talk, TalkEntry
from partner_directory.models.year import StepRun, YearNotice

__all__ = [
    "AccountConsent",
    "Announcement",
    "AnnouncementCheck",
    "Application",
    "Badge",
    "Balance",
    "BonusRequest",
    "City",
    "ClientReview",
    "ConsentText",
    "Country",
    "Credential",
    "DirectoryPage",
    "DirectoryVersion",
    "EditionNotice",
    "EditionRelease",
    "Enquiry",
    "EventParticipation",
    "HelpRequest",
    "Impact",
    "ImpactRow",
    "Implementation",
    "Industry",
    "Invitation",
    "JoiningStep",
    "KitDownload",
    "LedgerEntry",
    "LedgerTransaction",
    "LetterText",
    "LevelChange",
    "LicenceRequest",
    "Listing",
    "LogosPage",
    "Mark",
    "MarkFile",
    "MarkVersion",
    "MarketingActivity",
    "Material",
    "Membership",
    "Message",
    "Office",
    "OldAddress",
    "Overlay",
    "OverlayChange",
    "Partner",
    "PrivateFile",
    "Purchase",
    "Reference",
    "Region",
    "RequirementConfirmation",
    "Sale",
    "SalesPlan",
    "SiteCheck",
    "Specialist",
    "StepRun",
    "Suspension",
    "Talk",
    "TalkEntry",
    "TeamMember",
    "TrainingSeat",
    "Turn",
    "Word",
    "YearNotice",
]
