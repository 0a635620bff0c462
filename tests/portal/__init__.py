"""The partners' section: what companies do by themselves."""
