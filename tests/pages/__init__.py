"""What the public reads: pages, API, PDF, from the edition of the day."""
