"""The large book: 2,000 customers with 400,000 orders over both upstreams; some change as one watches.

Their IDs are numbered through; what each has is decided by the number alone, so that nothing is kept of
who was not asked for.
"""

ADOBE_FIRST, ADOBE_COUNT = 1_200_000_000, 1_400
FABRIC_PREFIX, FABRIC_COUNT = "65b0c0de00000000000", 600

# Of each hundred customers so many have so many orders: a few have most of them.
_ADOBE_SIZES = ((1, 3_000), (4, 1_000), (15, 400), (30, 150), (50, 40))
_FABRIC_SIZES = ((1, 2_000), (5, 900), (14, 500), (30, 200), (50, 30))
# Hours between two new orders of a customer with so many orders and more.
_HOURS_APART = ((1_000, 0.5), (400, 2), (150, 6), (0, 24))


def adobe_customer(number: int) -> str:
    return str(ADOBE_FIRST + number)


def fabric_customer(number: int) -> str:
    return f"{FABRIC_PREFIX}{number:05d}"


def adobe_number(customer_id: str) -> int | None:
    """Which of them it is; None for everybody else."""
    number = int(customer_id) - ADOBE_FIRST if customer_id.isascii() and customer_id.isdigit() else -1
    return number if 0 <= number < ADOBE_COUNT else None


def fabric_number(customer_id: str) -> int | None:
    tail = customer_id.removeprefix(FABRIC_PREFIX)
    if len(tail) != 5 or len(customer_id) != 24 or not (tail.isascii() and tail.isdigit()):
        return None
    return int(tail) if int(tail) < FABRIC_COUNT else None


def adobe_size(number: int) -> int:
    """How many orders the customer has, those of the last days aside."""
    return _size(number, _ADOBE_SIZES)


def fabric_size(number: int) -> int:
    return _size(number, _FABRIC_SIZES)


def new_orders_a_day(size: int) -> float:
    return 24 / next(hours for least, hours in _HOURS_APART if size >= least)


def _size(number: int, sizes: tuple[tuple[int, int], ...]) -> int:
    place = number % 100
    for count, size in sizes:
        if place < count:
            return size
        place -= count
    raise ValueError(f"the shares of {sizes} don't add up to a hundred")
