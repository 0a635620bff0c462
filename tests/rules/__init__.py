"""Tests of the pure rules: no Django, no database."""
