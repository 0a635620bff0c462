"""How the site is run."""
