"""What counts as the same answer, and what does not."""

from tests.contracts.normal_form import outline, steady
from tests.contracts.recording import file_name

HOSTS = {"http://127.0.0.1:40123": "http://portal"}


def test_a_page_is_its_texts_and_hooks() -> None:
    page = """
      <main id="main" class="wide"><h1 class="big">Orders  of
        <b>Ann</b></h1>
      <tr data-order-id="7"><td><a class="x" href="/7/" rel="next">7</a></td></tr>
      <svg><title>unseen</title></svg><script>unseen()</script></main>
    """

    assert outline(page) == [
        "h1: Orders of Ann",
        '[tr data-order-id="7"]',
        'td: [a href="/7/" rel="next"]7',
    ]


def test_a_page_that_only_looks_different_is_the_same() -> None:
    plain = "<div><p>One <b>two</b></p><input name=q value=1></div>"
    dressed = """
      <section class="card"><div>
      <p class="lead">One
        <b>two</b></p></div><input id="q" name="q" value="1"></section>
    """

    assert outline(dressed)[0] == outline(plain)[0] == "p: One two"
    assert outline(dressed)[1].partition(": ")[2] == outline(plain)[1].partition(": ")[2]


def test_a_hook_that_is_gone_is_seen() -> None:
    assert outline('<p data-advice="x">Wait.</p>') != outline("<p>Wait.</p>")


def test_what_is_new_each_time_gives_way_to_a_word() -> None:
    signed = "eyJhIjoxfQ:1vpTqX:" + "a" * 43
    lines = {
        "x-request-id: 0b7c9a52-57a5-4d0c-8a4e-5d3b9d3a0f11": "x-request-id: <uuid>",
        "location: http://127.0.0.1:40123/exports/": "location: http://portal/exports/",
        f'[a href="?retry={signed}"]': '[a href="?retry=<signed>"]',
        f'[a href="?retry={signed.replace(":", "%3A")}"]': '[a href="?retry=<signed>"]',
        '[link href="/static/orders/portal.0123456789ab.css"]': '[link href="/static/orders/portal.css"]',
        "answered in 412 ms": "answered in <duration>",
        "answered in 2.3 s": "answered in <duration>",
        'li: [a data-attention-count="21" href="/attention/"] Attention 21': (
            'li: [a data-attention-count="<count>" href="/attention/"] Attention'
        ),
        "secret: PCQQN53YKMFLSOOPU7SI3H4AFQRI5GAR": "secret: <secret>",
        "salt: M8AYrs****************": "salt: <secret>",
        "src=data:image/svg+xml;base64,PD94bW==": "src=data:image/svg+xml;base64,<picture>",
        "sha-256=:zGXN8I+7I/sE/aUzofVRjRD5naJe7JH2PifsFqFg1FQ=:": "sha-256=<sha256>",
        "dd: " + "0123456789abcdef" * 4: "dd: <sha256>",
        "2026-02-09 13:11, 42 pieces, order 5963793226": "2026-02-09 13:11, 42 pieces, order 5963793226",
    }

    assert {line: steady(line, HOSTS) for line in lines} == lines


def test_each_address_has_a_file_of_its_own() -> None:
    names = [
        file_name("GET", "/a/"),
        file_name("GET", "/a"),
        file_name("POST", "/a/"),
        file_name("GET", "/a/?b=1"),
        file_name("GET", "/a/", ["Accept=text/csv"]),
        file_name("GET", "/../a/"),
        file_name("GET", "/a/?" + "x" * 300),
        file_name("GET", "/a/?" + "x" * 301),
    ]

    assert len(set(names)) == len(names)
    assert all(
        len(part.encode()) < 200 and part not in {"", ".", ".."} for name in names for part in name.split("/")
    )
