"""Settings: base, and on it dev, test, e2e and production."""
