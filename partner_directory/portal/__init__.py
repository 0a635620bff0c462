"""The partners' section (/portal/): what a company does by itself; every page asks who is asking."""
