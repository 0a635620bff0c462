"""Partners: who they are, what they hold, and where the public finds them."""
