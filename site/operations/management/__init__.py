"""Commands of the site's running."""
