"""`python -m orders_portal`: the command line, wherever the package lies."""

from orders_portal.command_line import main

if __name__ == "__main__":
    main()
