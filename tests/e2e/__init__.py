"""What a browser sees: every public page, visited as its readers do."""
