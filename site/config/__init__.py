"""How the site runs: settings, addresses, and the commands of the house."""
