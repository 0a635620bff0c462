"""A client's word on an implementation (R31, R71): the signed link, and the page that it leads to."""
