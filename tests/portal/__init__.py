"""The partners' section: what a company does by itself."""
