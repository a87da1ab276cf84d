"""Stops the wall clock of every Python process that is started with this directory on its path.

What a page says of an instant or an age then depends on nothing but its data. Only the wall clock stands
still: deadlines and waits, which use the monotonic one, run on. With `CLOCK_BEGAN`, the wall clock's time
when the first of them was started, they agree on a clock that begins there and runs.
"""

import os
import time
from datetime import datetime, timedelta

import time_machine

if "FROZEN_AT" in os.environ:
    began = os.environ.get("CLOCK_BEGAN")
    since = timedelta(seconds=time.time() - float(began) if began else 0)
    now = datetime.fromisoformat(os.environ["FROZEN_AT"]) + since
    time_machine.travel(now, tick=began is not None).start()
