"""How editors meet the programme in Wagtail's admin: forms, listings, registers, dashboard."""
