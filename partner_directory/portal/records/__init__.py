"""What the company records of itself: people, activities, implementations, reviews, purchases; and its standing."""
