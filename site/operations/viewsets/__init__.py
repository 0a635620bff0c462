"""What the admin shows of the site's running."""
