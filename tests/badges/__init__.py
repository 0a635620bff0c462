"""Badges: what is signed, what is shown, and what nobody can forge."""
