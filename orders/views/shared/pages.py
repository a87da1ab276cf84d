"""How every wing draws its pages: the one door to it, so that wings know nothing of the infrastructure."""

from orders.infrastructure.pages import ErrorPage, render_page

__all__ = ["ErrorPage", "render_page"]
