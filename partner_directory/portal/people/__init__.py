"""The company's people, invitations, and one's own account, consent and data."""
