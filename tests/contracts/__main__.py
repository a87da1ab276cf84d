"""`python -m tests.contracts record DIRECTORY [--checkout …]`, or `compare BEFORE AFTER`."""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.contracts import comparing, walk
from tests.contracts.demo_process import demo_process

HERE = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.contracts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record", help="write down what a version answers")
    record.add_argument("directory", type=Path, help="a new or empty one")
    record.add_argument("--checkout", type=Path, default=HERE, help="of the version; by default this one")
    record.add_argument("--only", nargs="+", default=[], metavar="CUSTOMER", help="of the sandbox, by ID")
    compare = commands.add_parser("compare", help="print what differs between two recordings")
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    compare.add_argument("--changes", action="store_true", help="each change once, with how often it occurs")
    given = parser.parse_args()
    if given.command == "compare":
        return print_differences(given.before, given.after, each_change_once=given.changes)
    if given.directory.exists() and any(given.directory.iterdir()):
        parser.error(f"{given.directory} is not empty")
    started = time.monotonic()
    checkout = given.checkout.resolve()
    if given.only:
        with demo_process(checkout) as demo:
            walk.record(demo, given.directory, only=given.only, say=say)
    else:
        # What fails is waited for, mostly: beside the rest, and by a portal that the rest knows nothing of.
        with (
            demo_process(checkout) as demo,
            demo_process(checkout, deadline=3.0) as failing,
            ThreadPoolExecutor(1) as pool,
        ):
            failures = pool.submit(walk.record_failures, failing, given.directory)
            walk.record(demo, given.directory, say=say)
            failures.result()
    answers = sum(1 for _ in given.directory.rglob("*.txt"))
    say(f"{answers} answers in {given.directory}, after {time.monotonic() - started:.0f} s")
    return 0


def print_differences(before: Path, after: Path, *, each_change_once: bool = False) -> int:
    found = list(comparing.differences(before, after))
    if each_change_once:
        apart = [each for each in found if each.startswith("only ")]
        for each in [*apart, *comparing.changes(before, after)]:
            say(each)
    else:
        for each in found:
            say(each)
    say(f"{len(found)} addresses differ" if found else "no difference")
    return 1 if found else 0


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
