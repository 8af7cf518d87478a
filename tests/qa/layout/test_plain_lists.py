"""Which lines are items though nothing marks them."""

import pytest

from qa.layout.plain_lists import plain_items


def items(text: str, *, above: str = "") -> list[str]:
    lines = text.splitlines()
    return [lines[number] for number in sorted(plain_items(lines, above=above))]


FILLING = ["750 g smoked haddock", "500 ml whole milk", "2 bay leaves", "a handful of parsley"]


def test_short_lines_of_which_most_begin_with_a_quantity_are_items() -> None:
    assert items("\n".join(FILLING)) == FILLING
    assert items("\n".join(["FOR THE FILLING", *FILLING])) == FILLING
    assert items("1.5 kg potatoes\n1½ onions\n1000 g flour") == [
        "1.5 kg potatoes",
        "1½ onions",
        "1000 g flour",
    ]
    assert items("1500 g flour\n2000 ml water\n2000 kg of sand") == [
        "1500 g flour",
        "2000 ml water",
        "2000 kg of sand",
    ]


def test_short_lines_below_a_colon_are_items() -> None:
    kit = ["warm socks", "a torch", "a sleeping bag"]
    assert items("\n".join(["Please bring:", *kit])) == kit
    assert items("\n".join(kit), above="**Please bring:**") == kit
    assert items("Present:\nAnn Ray\nBob Low\nCy Dee") == ["Ann Ray", "Bob Low", "Cy Dee"]


def test_each_line_with_a_colon_begins_another_list() -> None:
    top = ["1 kg potatoes", "80 g butter", "100 g Cheddar"]
    text = "\n".join(["For the filling:", *FILLING, "For the top:", *top])
    assert items(text) == FILLING + top


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("so much depends\nupon\na red wheel\nbarrow", id="poem"),
        pytest.param(
            "He sang:\nthe rain, the rain,\nit fell on me,\nit fell on Spain.",
            id="poem-below-a-colon",
        ),
        pytest.param("Write to:\nGannet Press\n12 Quay Street\nPellworth", id="address"),
        pytest.param("12 Quay Street\n3 Fish Row\n5 Ness Road", id="streets"),
        pytest.param(
            "The council said on Tuesday that the\n35 boats of the fleet, which cost\n"
            "20 million pounds, and the harbour's\n18 cranes would be sold to pay for",
            id="prose-wrapped-narrowly",
        ),
        pytest.param(
            "They sold the boats:\nall the herring of the\nnorthern fleet went to\n"
            "buyers who had not yet",
            id="newspaper-column",
        ),
        pytest.param("He said this:\nhe would go\nand that was\nall of it.", id="sentence"),
        pytest.param("He bought:\na boat of\nsome age and\na house", id="unfinished-line"),
        pytest.param(
            "The shop told us this:\nprices of bread will rise sharply\n"
            "while milk stays cheap everywhere\nunless farmers refuse to deliver\n"
            "butter before the winter begins",
            id="prose-wrapped-narrowly-below-a-colon",
        ),
        pytest.param(
            "1886 the railway came\n1901 the pier opened\n1934 the pier burnt", id="years"
        ),
        pytest.param("2001 a flood\n2014 a storm\n2020 a plague", id="years-of-this-century"),
        pytest.param("1 kg peas  £2\n2 kg leeks  £3\n3 kg beans  £4", id="columns"),
        pytest.param("1 kg peas\t£2\n2 kg leeks\t£3\n3 kg beans\t£4", id="tabbed-columns"),
        pytest.param(f"2 eggs\n3 limes\n4 apples {'or pears ' * 7}", id="a-long-line"),
        pytest.param("They are:\na) Ada\nb) Bo\nc) Cy", id="lettered-items"),
        pytest.param("2 eggs\n3 limes", id="two-lines"),
        pytest.param("They are:\n- Ada\n- Bo\n- Cy", id="marked-items"),
        pytest.param("Run:\n$ make test\n$ make check\n$ ls", id="commands"),
    ],
)
def test_lines_of_other_texts_are_no_items(text: str) -> None:
    assert items(text) == []
