"""The membership of the year, its renewal, and what a change would bring (R44, R45, A11)."""
