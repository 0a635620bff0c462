"""What an edition of the terms changes for one partner: made once, kept as data, said in the reader's language."""
