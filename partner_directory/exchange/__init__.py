"""Partners as rows of a spreadsheet: the same columns out and in, so that what is exported can be edited and imported."""
