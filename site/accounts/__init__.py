"""The swappable user, nothing else."""
