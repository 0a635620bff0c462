"""A visitor writes to a partner: the form, its protection from robots, the letters, and the links in them."""
