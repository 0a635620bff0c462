"""The partners' models, gathered for Django; import from the modules themselves."""

from partner_directory.models.directory_page import DirectoryPage
from partner_directory.models.enquiry import ConsentText, Enquiry, Turn
from partner_directory.models.geography import City, Country, Region
from partner_directory.models.industry import Industry
from partner_directory.models.listing import DirectoryVersion, Listing, Word
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Office, OldAddress, Partner, Reference
from partner_directory.models.site_check import SiteCheck
from partner_directory.models.specialist import Specialist

__all__ = [
    "City",
    "ConsentText",
    "Country",
    "DirectoryPage",
    "DirectoryVersion",
    "Enquiry",
    "Industry",
    "Listing",
    "Membership",
    "Office",
    "OldAddress",
    "Partner",
    "Reference",
    "Region",
    "SiteCheck",
    "Specialist",
    "Turn",
    "Word",
]
