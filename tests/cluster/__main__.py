"""`make cluster`: starts it, says where it is, and starts again what ends, until Ctrl-C."""

import json
import signal
import sys
import time
from argparse import ArgumentParser
from typing import Any

from orders.management.commands.rundemo import customers_to_try
from tests.cluster.cluster import Cluster, missing, running

PEOPLE = """
from orders.management.demo_accounts import accounts
from orders.people import demo
from orders.sandbox.adobe import price_list
from orders.services import products
for person, password in demo.make_people():
    print(f"  {person.username:<10} {password:<14} {person.role}")
demo.make_accounts(accounts())
products.import_price_list(price_list.as_file().encode(), actor=None)
"""


def interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def welcome(cluster: Cluster, people: str) -> str:
    lines = [
        "",
        f"Orders Portal   {cluster.url}",
        "",
        "Sign in as:",
        people,
        "",
        "Processes, to stop and to kill:",
    ]
    for part in cluster.parts.values():
        assert part.process is not None
        lines.append(f"  {part.name:<12} {part.process.pid}")
    return "\n".join([*lines, "", f"Logs: {cluster.folder}. Ctrl-C stops everything.", ""])


def main() -> int:
    parser = ArgumentParser(prog="make cluster")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    if packages := missing():
        say(f"make cluster needs more: apt-get install {' '.join(packages)}")
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    try:
        say("Starting PostgreSQL, Redis, the sandbox upstreams, two web servers, two workers and nginx ...")
        demo = {"CUSTOMERS_TO_TRY": json.dumps(customers_to_try()), "REFRESH_MINUTES": "1"}
        with running(port, **demo) as cluster:
            people = cluster.run(PEOPLE)
            say(welcome(cluster, "  " + people))
            while True:
                time.sleep(1)
                for name in cluster.revive():
                    say(f"{name} ended; started again.")
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


sys.exit(main())
