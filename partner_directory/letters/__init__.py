"""The wording of every message, a module for each part of the section; ``partner_directory.messages`` sends them."""
