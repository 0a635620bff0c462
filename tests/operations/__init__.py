"""How the site is run: its settings and engines on real servers, its log, its metrics, its state."""
