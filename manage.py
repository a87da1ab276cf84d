#!/usr/bin/env python
"""Django's command line for the Orders Portal."""

from orders_portal.command_line import main

if __name__ == "__main__":
    main()
