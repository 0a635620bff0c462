"""``make faults``: what can go wrong while the site runs, done to real servers; a table says what came of it.

No test of pytest's: each fault takes up to minutes. A fault is a module with ``ASKED`` (what was asked of the site),
and ``befall``, which does it and answers what happened; ``__main__`` names them all.
"""
