"""What a draft edition would do to the partners, rehearsed before it is approved (R83)."""
