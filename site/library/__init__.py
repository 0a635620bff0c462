"""The swappable images and documents of the site."""
