"""The websocket door: tells the workspace's pages what is new, and who else is here. See docs/live.md.

It only reads. What it says is small (numbers, kinds of events, names); pages fetch the rest by the usual doors, which
decide once more what may be seen. Without it the workspace goes on, and is reloaded by hand.
"""
