"""Tests of the partners' section."""
