"""Small functions that make what a test is about; what the test does not name is filled in sensibly.

Each takes the facts that matter to the test by name, and calls the same models and actions as the site does.
"""
