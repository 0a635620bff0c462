"""The only writers of what partners hold: keyword-only functions with an explicit actor, one transaction each."""
