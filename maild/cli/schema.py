"""`maild schema`: the JSON Schema of the rules file, for editors."""

from maild.cli.output import show_json


def schema() -> None:
    """Print the JSON Schema of rules.yaml. An editor that reads it completes keys and marks mistakes while you type."""
    from maild.config.schema import schema as of_rules

    show_json(of_rules())
