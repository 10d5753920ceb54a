from schemas.location import cell_of


def test_a_cell_is_named_as_the_file_names_it() -> None:
    assert cell_of(7, '{"carbon": "D"}', "carbon", "煤样检测") == "D7"
    assert cell_of(7, '{"carbon": 4}', "carbon", "") == "R7C4"
    assert cell_of(7, '{"carbon": 4}', "carbon", "coal_analysis.csv") == "R7C4"
    assert cell_of(7, '{"carbon": "D"}', "hydrogen_ad", "煤样检测") == ""
    assert cell_of(7, "", "carbon", "") == ""
