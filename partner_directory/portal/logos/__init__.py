"""Logos: which marks a partner may take, why not the others, and the one door by which a kit leaves (R5–R9)."""
