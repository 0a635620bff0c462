"""How the site is run: reports of browsers, and what else it remembers of itself."""
