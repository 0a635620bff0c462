"""The writers of the programme's lifecycle: keyword-only functions with an explicit actor, one transaction each."""
