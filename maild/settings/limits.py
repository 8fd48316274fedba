"""How much the desk does by itself: automatic answers, and words on held mail."""

from maild.settings.duration import Duration
from maild.settings.values import Number, Readers, Strict, TimeOfDay


class Limits(Strict):
    """How many automatic answers incoming mail may draw (reliability 6.3 and Decisions)."""

    known_per_day: Number = 20
    refusals_per_day: Number = 1  # of each kind, for known and unknown senders
    unknown_per_day: Number = 1  # of each kind
    unknown_per_week: Number = 3
    unknown_per_domain_hour: Number = 20
    unknown_per_hour: Number = 50  # well below automatic_per_hour: strangers stop no answer to customers
    exchanges_per_day: Number = 3  # automatic answers that an address answers at once, as a machine does
    automatic_per_hour: Number = 100  # above what is usual: then none leaves for an hour
    same_text_per_hour: Number = 10  # mails of the same words by one address, on one ticket or without any
    mails_per_hour: Number = 60  # mails by one address, on one ticket or without any


class Held(Strict):
    """When held mail should have been decided on, and who hears of it every day."""

    due: Duration = Duration(count=4, unit="hour")  # from its arrival
    digest: TimeOfDay = "08:00"
    to: Readers = ()  # none: the admin
