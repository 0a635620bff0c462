"""The turning of the year: who may renew, who would fall, and what a day brings (R44, R45, R69, A11)."""
