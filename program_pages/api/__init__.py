"""The read API of the programme: the edition of a day, and quotes. May not import pages or the partners."""
