"""What the portal says to the outside, written down, so that two versions of it can be compared.

    .venv/bin/python -m tests.contracts record after
    git worktree add ../before v0.1.0
    .venv/bin/python -m tests.contracts record before --checkout ../before
    .venv/bin/python -m tests.contracts compare before after [--changes]

`record` starts the demo of a checkout (this one, or another version in a worktree) with its sandbox, its
clock stopped, and walks every customer of the sandbox and every address as everybody: pages, errors and
files. What came back goes into one text file per address, without what is new each time. `compare` prints
what differs and exits with 1 if anything does: nothing may, but what the change between the two meant to
change. Where much was meant, `--changes` prints each change once, with the number of addresses that have it.

It relies on nothing inside the portal, so that it can record versions that are laid out otherwise: only on
HTTP, the environment and `manage.py`. A recording takes a few minutes. How long an answer took does not
count, so the machine may be busy.
"""
