"""Materials, licences, trainings and events (R2, R18, R20, R21, R27, R48, R49, R56, R63)."""
