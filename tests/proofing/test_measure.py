"""The face table counts what it says it counts."""

from proofing.measure import Pair, Row, read_pairs, table


def test_pairs_are_read_from_csv() -> None:
    assert read_pairs("a,b,same\nx.jpg,y.jpg,1\nx.jpg,z.jpg,0\n") == (Pair("x.jpg", "y.jpg", True), Pair("x.jpg", "z.jpg", False))


def test_a_false_match_is_a_stranger_within_the_threshold_and_a_false_non_match_the_same_person_beyond() -> None:
    pairs = (Pair("a", "b", True), Pair("a", "c", True), Pair("a", "d", False), Pair("b", "d", False))
    assert table(pairs, (0.30, 0.47, 0.44, 0.70), (0.40, 0.45, 0.50)) == (Row(0.40, 0, 1), Row(0.45, 1, 1), Row(0.50, 1, 0))
