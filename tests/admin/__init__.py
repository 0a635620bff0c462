"""Editors can do what they must, and nothing else."""
