"""The same table and page as anybody would write them: a template loop, and stock django-tables2."""

from typing import Any

import django_tables2 as tables
from django.template import engines
from django.utils.functional import cached_property

HEADINGS = (
    "Order",
    "Created",
    "Type",
    "Status",
    "Products",
    "Your reference",
    "Lines",
    "Quantity",
    "Promotions",
)

_LINK = "{% url 'details' source=record.source customer_id=record.customer_id order_id=ID %}".replace(
    "ID", "record.order.order_id"
)
_KIND = (
    '{{ record.order.order_type.word }}{% if record.order.reference_order_id %} <span class="of">of '
    '<a class="id" href="{% url \'details\' source=record.source customer_id=record.customer_id '
    'order_id=record.order.reference_order_id %}">{{ record.order.reference_order_id }}</a></span>{% endif %}'
)
_STATUS = (
    '<span class="tag {{ record.order.status.tone }}">{{ record.order.status.word }} '
    "{{ record.order.status.code }}</span>"
)
_PRODUCTS = (
    "{{ record.order.lines.0.offer_id }}{% if record.order.lines|length > 1 %} "
    '+{{ record.order.lines|length|add:"-1" }}{% endif %}'
)
_PROMOTIONS = (
    '{% for each in record.order.promotions %}<span class="promotion {{ each.result.tone }}">{{ each.code }} '
    '<span class="result" title="{{ each.result.code }}">{% if each.result.tone == "good" %}✓{% else %}'
    "{{ each.result.word|lower }}{% endif %}</span></span>{% if not forloop.last %}, {% endif %}{% endfor %}"
)

_LOOP = (
    """<table class="orders"><caption class="visually-hidden">{{ caption }}</caption>
<thead><tr>{% for heading in headings %}<th scope="col">{{ heading }}</th>{% endfor %}</tr></thead>
<tbody>{% for record in rows %}<tr data-order-id="{{ record.order.order_id }}">"""
    f'<td class="id"><a href="{_LINK}?{{{{ trail }}}}">{{{{ record.order.order_id }}}}</a></td>'
    """<td class="when"><time datetime="{{ record.order.created_at|date:'c' }}">
{{ record.order.created_at|date:'Y-m-d H:i' }}</time></td>"""
    f'<td class="kind">{_KIND}</td><td class="state">{_STATUS}</td>'
    f'<td class="products gives">{_PRODUCTS}</td>'
    """<td class="id extra">{{ record.order.external_reference_id }}</td>
<td class="num extra">{{ record.order.lines|length }}</td>
<td class="num extra">{{ record.order.total_quantity }}</td>"""
    f'<td class="promotions">{_PROMOTIONS}</td>'
    """</tr>
{% endfor %}</tbody></table>"""
)

_BOXES = (
    '{% for code, word in CHOICES %}<label class="pick"><input class="form-check-input" type="checkbox" '
    'name="NAME" value="{{ code }}"{% if code in chosen %} checked{% endif %}> {{ word }} '
    '<span class="code">{{ code }}</span></label>{% endfor %}'
)
_TEXT = (
    '<div class="field-group"><label for="id_NAME">LABEL</label><input type="text" name="NAME" '
    'value="{{ request.GET.NAME|default:"" }}" id="id_NAME"></div>'
)
_PAGE = (
    """{% extends "base.html" %}{% block title %}Orders of {{ customer_id }}{% endblock %}{% block main %}
<div class="head"><h1><span class="id">{{ customer_id }}</span></h1></div>
<div class="grid"><aside class="card filters"><form class="in" method="get">
<fieldset><legend>Status</legend>"""
    + _BOXES.replace("CHOICES", "statuses").replace("NAME", "status")
    + "</fieldset><fieldset><legend>Order type</legend>"
    + _BOXES.replace("CHOICES", "order_types").replace("NAME", "order-type")
    + "</fieldset>"
    + "".join(
        _TEXT.replace("NAME", name).replace("LABEL", name.title())
        for name in ("start", "end", "offer", "reference", "reseller")
    )
    + """<button class="btn btn-primary" type="submit">Show orders</button></form></aside>
<section aria-label="Orders"><div class="card result" data-total-count="{{ page.total_count }}">"""
    + _LOOP
    + """<div class="pager"><span>Showing {{ page.first }}–{{ page.last }} of {{ page.total_count }}</span>
<nav aria-label="Pages">
{% if page.offset %}<a rel="prev" href="?offset={{ page.previous_offset }}">Previous</a>{% endif %}
{% if page.has_next %}<a rel="next" href="?offset={{ page.next_offset }}">Next</a>{% endif %}
</nav></div></div></section></div>{% endblock %}"""
)


class StockTable(tables.Table):
    """django-tables2 as its manual teaches it, with its default template."""

    order = tables.TemplateColumn(
        f'<a href="{_LINK}?{{{{ request.GET.urlencode }}}}">{{{{ value }}}}</a>', accessor="order__order_id"
    )
    created = tables.DateTimeColumn(format="Y-m-d H:i", accessor="order__created_at")
    kind = tables.TemplateColumn(_KIND, accessor="order__order_type")
    status = tables.TemplateColumn(_STATUS, accessor="order__status")
    products = tables.TemplateColumn(_PRODUCTS, accessor="order__lines")
    reference = tables.Column(accessor="order__external_reference_id")
    lines = tables.Column(accessor="order__lines")
    quantity = tables.Column(accessor="order__total_quantity")
    promotions = tables.TemplateColumn(_PROMOTIONS, accessor="order__promotions")

    class Meta:
        template_name = "django_tables2/bootstrap5.html"
        attrs = {"class": "orders"}

    def render_lines(self, value: Any) -> int:
        return len(value)


class Loop:
    """The template loop, alone and as a whole page; compiled once, as a cached loader would."""

    @cached_property
    def table(self) -> Any:
        return engines["django"].from_string(_LOOP)

    @cached_property
    def page(self) -> Any:
        return engines["django"].from_string(_PAGE)
