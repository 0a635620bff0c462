"""Sales, agreed plans, requests for bonuses and the ledger (R47, R70–R79)."""
