"""The company's profile as a draft that goes through moderation."""
