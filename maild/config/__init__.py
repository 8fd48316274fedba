"""Reads what the operator wrote: rules.yaml, customers.csv, secrets, keys. Each mistake gets its line and a remedy."""
