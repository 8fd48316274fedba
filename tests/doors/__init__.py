"""The door of a ticket at full scale: who comes in by guessing, forging, changing, swapping? `python -m doors`."""
