"""`python -m tests.bench.index`: the options are those of `tests.bench.index.run`."""

import sys

from tests.bench.index.run import begin

begin(sys.argv[1:])
