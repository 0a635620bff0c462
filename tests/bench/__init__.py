"""Measurements for people to read; nothing here is a test, and no test is timed."""
