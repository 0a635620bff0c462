"""Partners as rows of a spreadsheet: the same columns out and in, so that an export can be edited and imported."""
