"""`mrv rules [CODE]`: the catalogue, or one rule's page."""

from typing import Any

import click

from mrv.cli.common import output_options, print_json, refuse
from mrv.screening.catalogue import catalogue
from mrv.screening.pages import page
from mrv.screening.rule import Rule
from schemas.choices import CLASSES, SEVERITIES


@click.command("rules", short_help="规则目录 / catalogue")
@click.argument("code", required=False)
@output_options
def command(code: str | None, as_json: bool, lang: str) -> None:
    """规则目录，或一条规则的说明页。The catalogue, or the page of one rule."""
    rules = catalogue()
    if code is None:
        if as_json:
            print_json([_document(rule) for rule in rules.values()])
            return
        for rule in rules.values():
            severity = SEVERITIES[rule.severity][0 if lang == "zh" else 1]
            click.echo(f"{rule.code:8} {severity}  {getattr(rule.title, lang)}")
        return
    if code.upper() not in rules:
        refuse(
            lang,
            as_json,
            "unknown_rule",
            f"没有规则 {code}；用 mrv rules 查看目录。",
            f"There is no rule {code}; see mrv rules.",
        )
    rule = rules[code.upper()]
    if as_json:
        print_json(_document(rule))
    else:
        click.echo(page(rule, lang))


def _document(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.code,
        "version": rule.version,
        "title": vars(rule.title),
        "severity": rule.severity,
        "severity_label": dict(zip(("zh", "en"), SEVERITIES[rule.severity], strict=True)),
        "class": rule.kind,
        "class_label": dict(zip(("zh", "en"), CLASSES[rule.kind], strict=True)),
        "basis": list(rule.basis),
        "needs": list(rule.needs),
        "sectors": sorted(rule.sectors),
        "message": vars(rule.message),
        "why": vars(rule.why),
        "fix": vars(rule.fix),
        "waivable": rule.waivable,
    }
