"""Stops the wall clock of every Python process that is started with this directory on its path.

What a page says of an instant or an age then depends on nothing but its data. Only the wall clock stands
still: deadlines and waits, which use the monotonic one, run on.
"""

import os

import time_machine

if "FROZEN_AT" in os.environ:
    time_machine.travel(os.environ["FROZEN_AT"], tick=False).start()
