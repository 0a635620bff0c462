"""How the site is run: its log, its metrics, its state."""
