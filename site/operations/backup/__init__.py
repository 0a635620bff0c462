"""The site in one file: every row, and every file that a row names, as they were at one moment; and back again.

``making`` writes it while the site runs, ``checking`` reads it without changing anything, ``restoring`` puts it into an
empty place. ``files`` knows which files rows name, ``sealing`` packs and encrypts. Secrets of the environment
(SECRET_KEY, BADGE_KEY) are no part of it. Nothing here may import views, or models of the site.
"""
