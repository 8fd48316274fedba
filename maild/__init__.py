"""maild, a helpdesk that lives in the mail."""

__version__ = "0.1.0"
