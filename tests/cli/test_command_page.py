"""The pages that describe the command, the rules and the data are those of the program."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mrv.cli.main import COMMANDS, mrv
from mrv.screening.catalogue import catalogue, subjects
from mrv.screening.pages import SUBJECTS, catalogue_page

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "command.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """The text under each `## mrv …` heading."""
    parts = re.split(r"^## `mrv ([a-z-]+)[^\n]*\n", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_is_documented() -> None:
    assert list(sections()) == list(COMMANDS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "bench"])
def test_every_option_is_documented(name: str) -> None:
    context = click.Context(mrv)
    command = mrv.get_command(context, name)
    assert command is not None
    parts = command.commands.values() if isinstance(command, click.Group) else (command,)
    options = {
        max(option.opts, key=len)
        for part in parts
        for option in part.params
        if isinstance(option, click.Option) and option.name not in {"as_json", "lang"}
    }
    assert {option for option in options if f"`{option}" not in sections()[name]} == set()


def test_the_examples_are_json() -> None:
    examples = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(examples) >= 4
    for example in examples:
        json.loads(example)


def test_the_exit_statuses_are_listed() -> None:
    for status in range(4):
        assert re.search(rf"^\| {status} \|", PAGE, flags=re.MULTILINE)


def test_the_catalogue_page_is_current() -> None:
    """To renew it: python -c "from mrv.screening.pages import catalogue_page as p; print(p(), end='')" > docs/rules.md"""
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == catalogue_page()


def test_every_subject_has_a_name_and_every_rule_an_anchor() -> None:
    assert set(SUBJECTS) == set(subjects())
    anchors = re.findall(r'<a id="([a-z0-9-]+)">', catalogue_page())
    assert sorted(anchors) == sorted(code.lower() for code in catalogue())


def test_the_catalogue_and_each_page_in_both_languages() -> None:
    run = CliRunner()
    for lang in ("zh", "en"):
        listed = run.invoke(mrv, ["rules", "--lang", lang])
        assert listed.exit_code == 0
        assert [line.split()[0] for line in listed.stdout.splitlines()] == list(catalogue())
        for code, rule in catalogue().items():
            told = run.invoke(mrv, ["rules", code.lower(), "--lang", lang])
            assert told.exit_code == 0
            assert told.stdout.startswith(f"# {code} {getattr(rule.title, lang)}")
            assert getattr(rule.fix, lang) in told.stdout
    documents = json.loads(run.invoke(mrv, ["rules", "--json"]).stdout)
    assert [entry["rule"] for entry in documents] == list(catalogue())
    assert all(entry["basis"] and entry["message"]["zh"] and entry["message"]["en"] for entry in documents)
    unknown = run.invoke(mrv, ["rules", "XYZ-99", "--json"])
    assert unknown.exit_code == 2 and json.loads(unknown.stdout)["error"]["code"] == "unknown_rule"


def test_help_lists_every_command() -> None:
    told = CliRunner().invoke(mrv, ["--help"])
    assert told.exit_code == 0
    assert all(re.search(rf"^\s+{name}\s", told.stdout, flags=re.MULTILINE) for name in COMMANDS)
