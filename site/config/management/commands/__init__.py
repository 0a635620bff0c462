"""One module a command; what they do stands in config.catalogues."""
