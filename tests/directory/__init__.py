"""Where the public finds partners: regions, cities and distances."""
