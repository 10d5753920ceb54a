"""What a rule set is: the rules of one sector in force over a span of months."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class NoRuleSet(KeyError):
    """A sector has no rule set for a month."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Rounding:
    """Decimal places (half up) of a parameter, and how certain they are."""

    places: int
    certainty: str


@dataclass(frozen=True)
class Document:
    """One piece of evidence to deposit; `sealed` asks for the sealed original (盖章版原件)."""

    zh: str
    en: str
    sealed: bool


@dataclass(frozen=True)
class DepositItem:
    """The evidence required with one parameter.

    `applies_to` is a fuel group (`coal`, `oil`, `gas`, `coke`) or `unit`, in an industrial sector the role and group of a
    stream (`enterprise.coal`, `process.gas`, `enterprise.process_input`) or the process of a unit (`sintering`); `state` and `carbon_scheme` narrow it to
    streams filed with one of these codes (empty: all).
    """

    parameter: str
    applies_to: tuple[str, ...]
    state: tuple[str, ...]
    carbon_scheme: tuple[str, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class ReportTable:
    """A table of the annual report (附录C)."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class CalendarDate:
    """A yearly date: `year_offset` 0 falls in the report year, 1 in the year after it."""

    step: str
    zh: str
    en: str
    month: int
    day: int
    year_offset: int
    source: str
    certainty: str


@dataclass(frozen=True)
class AllocationPlan:
    """An allowance allocation plan: `basis` is the quantity its electricity benchmarks multiply."""

    id: str
    zh: str
    en: str
    valid_from: str
    valid_to: str
    basis: str  # power_supplied or power_generation
    certainty: str


# eq=False: one object per file, compared and hashed by identity, so the mappings inside stay plain and picklable.
@dataclass(frozen=True, eq=False)
class RuleSet:
    """The rules of a sector from month `valid_from` to month `valid_to` (both included, empty = open)."""

    id: str
    sector: str
    title_zh: str
    title_en: str
    document: str
    source: str
    certainty: str
    valid_from: str
    valid_to: str
    counted_sources: tuple[str, ...]
    surrender_sources: tuple[str, ...]
    oxidation_source: str  # guide or national_database
    rounded_before_product: tuple[str, ...]  # states whose Car is rounded before it enters the product
    deposit_days: int | None  # natural days after the end of the month; None before deposits began
    roundings: Mapping[str, Rounding]
    gas_roundings: Mapping[str, Rounding]
    required: Mapping[str, tuple[tuple[str, ...], ...]]
    implied: Mapping[str, tuple[str, ...]]
    auxiliary: tuple[str, ...]
    deposit: tuple[DepositItem, ...]
    deposit_certainty: str
    report_tables: tuple[ReportTable, ...]
    calendar: tuple[CalendarDate, ...]
    allocation: tuple[AllocationPlan, ...]
    gwp: str = ""  # assessment report whose warming potentials hold
    methods: Mapping[str, str] = field(
        default_factory=dict
    )  # which of several methods: `clinker`, `anode`, `anode_effect`
    candidates: Mapping[str, str] = field(default_factory=dict)  # `subject.parameter` → the candidate row that holds
    rounded_inputs: tuple[str, ...] = ()  # computed inputs rounded before the product

    def candidate(self, subject: str, parameter: str) -> str:
        """Which of several published values of a factor this rule set takes; `guide` unless it says otherwise."""
        return self.candidates.get(f"{subject}.{parameter}", "guide")

    def method(self, name: str) -> str:
        """The method for a subject (`clinker`: `factor` or `oxides`); empty where the rule set names none."""
        return self.methods.get(name, "")

    def rounding(self, parameter: str, gas: bool = False) -> Rounding:
        """Decimals of a parameter, or of `emission` (a row) and `emission_total`; KeyError when none are set.

        `gas` asks for a stream counted in 10^4 Nm3, which differs for the carbon content.
        """
        if gas and parameter in self.gas_roundings:
            return self.gas_roundings[parameter]
        return self.roundings[parameter]

    def decimals(self, parameter: str, gas: bool = False) -> int:
        """The places of `rounding`."""
        return self.rounding(parameter, gas).places

    def counts(self, source: str) -> bool:
        """Whether an emission source (`combustion`, `electricity`, …) is part of the reported emissions."""
        return source in self.counted_sources

    def surrendered(self, source: str) -> bool:
        """Whether an emission source is part of the surrender obligation."""
        return source in self.surrender_sources

    def allocation_plan(self, month: str) -> AllocationPlan | None:
        """The allocation plan of a month `YYYY-MM`; None when there is none yet."""
        for plan in self.allocation:
            if plan.valid_from <= month <= plan.valid_to:
                return plan
        return None

    def required_of(self, kind: str) -> tuple[tuple[str, ...], ...]:
        """What must be filed: groups of parameters, at least one of each group.

        `kind`: a fuel group for a stream (`coal`, `coke`, `oil`, `gas`); for a unit `unit`, and `chp` and `biomass` on
        top; `merged` instead of `unit` for a member of a merged group. In an industrial sector `role.group` for a stream and
        the process for a unit. Empty for a kind of which nothing must be filed.
        """
        return self.required.get(kind, ())

    def deposit_for(
        self, parameter: str, applies_to: str, state: str = "", carbon_scheme: str = ""
    ) -> tuple[DepositItem, ...]:
        """The evidence required with a parameter; empty when none is.

        `applies_to`: the fuel group of the stream, or `unit`. An item tied to a state or a carbon scheme is returned
        only for that state or scheme.
        """
        return tuple(
            item
            for item in self.deposit
            if item.parameter == parameter
            and applies_to in item.applies_to
            and (not item.state or state in item.state)
            and (not item.carbon_scheme or carbon_scheme in item.carbon_scheme)
        )
