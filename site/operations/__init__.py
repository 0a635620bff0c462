"""How the site is run: jobs, backups, what is measured and watched. Knows the partners and the programme."""
