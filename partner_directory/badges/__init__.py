"""Badges: codes, verdicts, signing, drawing, kits and verification (R5–R9, A11)."""
