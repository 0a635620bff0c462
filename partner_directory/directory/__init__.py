"""The public directory: what is asked, what is found, in which order, and how it is shown."""
