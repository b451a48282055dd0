"""A picture as it may be kept: its pixels, painted anew. Whatever else the file carried is not in the new one: where
and by which camera it was taken, comments, a smaller copy, a colour profile, a second file behind or inside of it.

Pixels stay as they are seen: turned as the camera had noted. Animated GIF and WebP stay animated, an animated PNG
becomes its first frame. A HEIC picture becomes a JPEG, which every browser shows.
"""

from tickets.rules.pictures.limits import BadPicture, Trouble
from tickets.rules.pictures.painting import KINDS, Painted, repaint

__all__ = ["KINDS", "BadPicture", "Painted", "Trouble", "repaint"]
