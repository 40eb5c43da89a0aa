"""Places on status lists: never twice, and not to be guessed."""

from itertools import pairwise

from issuer.permutation import LIST_SIZE, StatusPlace, permuted, place

KEY = bytes(range(32))


def test_every_place_of_a_list_is_given_exactly_once() -> None:
    given = {permuted(position, key=KEY, tweak=1) for position in range(LIST_SIZE)}
    assert given == set(range(LIST_SIZE))


def test_the_order_of_issuing_does_not_show() -> None:
    first = [place(count, key=KEY).index for count in range(1000)]
    neighbours = sum(abs(a - b) < 100 for a, b in pairwise(first))
    assert neighbours < 20
    assert 0.4 < sum(index < LIST_SIZE // 2 for index in first) / 1000 < 0.6


def test_a_full_list_is_followed_by_another_with_another_order() -> None:
    assert place(LIST_SIZE - 1, key=KEY).list_number == 1
    assert place(LIST_SIZE, key=KEY) == StatusPlace(2, permuted(0, key=KEY, tweak=2))
    assert [place(count, key=KEY).index for count in range(8)] != [place(LIST_SIZE + count, key=KEY).index for count in range(8)]


def test_another_key_gives_other_places() -> None:
    other = bytes(32)
    assert [place(count, key=KEY) for count in range(8)] != [place(count, key=other) for count in range(8)]
