"""What the product ships with: the vendor's programme as data, and what loads it."""
