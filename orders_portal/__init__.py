"""The Django project: settings, addresses and the WSGI entry point."""

__version__ = "0.2.0"
