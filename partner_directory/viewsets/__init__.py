"""Partners in the admin: profiles, registers, geography, reports. Rules stand in the actions, never here."""
