"""Loops and floods at full scale: how many mails does the desk send to whom, whatever comes in? `python -m loops`."""
