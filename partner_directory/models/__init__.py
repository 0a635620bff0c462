"""The partners' models, gathered for Django; import from the modules themselves."""

from partner_directory.models.geography import City, Country, Region

__all__ = ["City", "Country", "Region"]
