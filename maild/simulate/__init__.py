"""Scenarios: stories told to the helpdesk with a virtual clock, through the very code that the daemon runs."""
