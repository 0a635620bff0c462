"""The programme: what the vendor offers, and the pages that publish it."""
