"""Raw bytes of any mail to plain values. Nothing here raises for any bytes, asks a table, a clock or the network.

``mime`` takes a message apart, ``bodies`` reads its parts in order, ``charsets`` decides what their bytes mean. Work
stays in proportion to size whatever somebody sends: no recursion, no backtracking, a limit on depth and parts.
"""

from tickets.channels.email.reading.mail import Address, File, Headers, ReadMail
from tickets.channels.email.reading.message import read

__all__ = ["Address", "File", "Headers", "ReadMail", "read"]
