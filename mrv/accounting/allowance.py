"""Allowances of the power sector: the formulas of the allocation plans, exact decimals.

Arguments are scalars or object arrays of `Decimal`. Coefficients come from `emission_factors/allocation_coefficients.csv` and
`benchmarks.csv`; which of these formulas applies is said by the rule set of the year.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext

from mrv.accounting.decimals import round_half_up

ONE = Decimal(1)
# The correction factors are powers and exponentials; thirty digits are far beyond the six that are kept.
PRECISION = 30


Coefficient = Callable[[str], Decimal | None]


def load_correction(load_factor: Decimal, coefficient: Coefficient) -> Decimal:
    """Load (peak-shaving) correction of electricity allowances, unrounded.

    Parameters
    ----------
    load_factor : F [%], 0 or more
    coefficient : looks up a row of `allocation_coefficients.csv` for the year by name, None where the plan has none

    Notes
    -----
    From `load_full_from` on the factor is 1. Below it:

    * 2019–2022: `1 + load_upper_slope × (85 − F)` down to 80 %, `load_middle_base + load_middle_slope × (80 − F)` down to 75 %,
      then `1.015^(16 − 20F)` with F as a fraction;
    * 2023–2024: `1.015^(16 − 20F)` at once (the table prints F in %, but its exponent needs the fraction);
    * 2025–2026 draft (GB 21258-2024): `a − b(1 − e^(−F/c)) − d(1 − e^(−F/g))` with F in %.

    Raises LookupError when the plan names no corner for the year.
    """
    full = coefficient("load_full_from")
    if full is None:
        raise LookupError("the year has no load correction")
    if load_factor >= full:
        return ONE
    upper, middle = coefficient("load_upper_from"), coefficient("load_middle_from")
    if upper is not None and load_factor >= upper:
        return ONE + _known(coefficient, "load_upper_slope") * (full - load_factor)
    if upper is not None and middle is not None and load_factor >= middle:
        return _known(coefficient, "load_middle_base") + _known(coefficient, "load_middle_slope") * (
            upper - load_factor
        )
    with localcontext() as context:
        context.prec = PRECISION
        base = coefficient("load_power_base")
        if base is not None:
            exponent = (
                _known(coefficient, "load_power_constant") - _known(coefficient, "load_power_slope") * load_factor / 100
            )
            return base**exponent
        result = _known(coefficient, "load_exponential_constant")
        for term in ("first", "second"):
            scale = _known(coefficient, f"load_exponential_{term}_scale")
            result -= _known(coefficient, f"load_exponential_{term}") * (ONE - (-load_factor / scale).exp())
        return result


def _known(coefficient: Coefficient, name: str) -> Decimal:
    value = coefficient(name)
    if value is None:
        raise LookupError(f"the year has no allocation coefficient {name}")
    return value


def electricity_allowance(amount: Decimal, benchmark: Decimal, *corrections: Decimal) -> Decimal:
    """Allowance for electricity [t], unrounded: amount [MWh] × benchmark [tCO2/MWh] × each correction factor.

    The amount is net supply up to 2022 and gross generation from 2023.
    """
    product = amount * benchmark
    for correction in corrections:
        product *= correction
    return product


def heat_allowance(heat: Decimal, benchmark: Decimal) -> Decimal:
    """Allowance for heat [t], unrounded: heat supplied [GJ] × benchmark [tCO2/GJ]."""
    return heat * benchmark


def heat_supply_correction(ratio: Decimal, coefficient: Decimal) -> Decimal:
    """Heat correction up to 2022: `1 − coefficient × 供热比`; ratio as a fraction 0–1, coefficient 0.22 coal or 0.6 gas."""
    return ONE - coefficient * ratio


def intensity_coefficient(own: Decimal, balance: Decimal, slope: Decimal, band: Decimal, cap: Decimal) -> Decimal:
    """Intensity coefficient α of the industrial sectors, as a fraction; the allowance is `E × (1 + α)`.

    `X = (B − I) / B`; `α = slope × X` where |X| < band, else `±cap`. own I and balance B [tCO2e/t], band and cap as fractions
    (0.20, 0.03), slope 0.15. Better than the balance gives more than was emitted. Plan 2024–2025 of steel, cement and aluminium;
    the coefficients are those of the 2026 draft.
    """
    distance = (balance - own) / balance
    if abs(distance) < band:
        return slope * distance
    return cap if distance > 0 else -cap


def whole_tonnes_down(amount: Decimal) -> Decimal:
    """Allowance amounts are cut to whole tonnes, never rounded up (draft plan 2025–2026, note to the tables)."""
    return amount // ONE


def correction_rounded(factor: Decimal, places: int) -> Decimal:
    """A correction factor as the tables print it, half-up (six decimals)."""
    return round_half_up(factor, places)


def topped_up(initial: Decimal, verified: Decimal, share: Decimal) -> Decimal:
    """Final allowance under the gap cap [t]: at least `share` of the verified emission (80 %: the gap is at most 20 %).

    For gas units the share is 1. Plans 2023–2024 and 2025–2026.
    """
    return max(initial, verified * share)


def gap_rate(initial: Decimal, verified: Decimal) -> Decimal:
    """Gap of allowances to verified emissions [%], two decimals half-up; positive when allowances are short."""
    return round_half_up((verified - initial) * 100 / verified, 2)


def carry_over(net_sales: Decimal, holding: Decimal, base: Decimal, ratio: Decimal) -> Decimal:
    """Allowances that may be carried over [t]: `base + net_sales × ratio`, sales below zero count as zero, at most the holding.

    Plan 2023–2024, annex 5: base 10 000 t, ratio 1.5.
    """
    return whole_tonnes_down(min(holding, base + max(net_sales, Decimal(0)) * ratio))


def settle_pre_allocation(pre_allocated: Decimal, final: Decimal, to_deduct: Decimal) -> dict[str, Decimal]:
    """How a pre-allocation and an earlier debt settle against the final amount [t].

    Whatever the pre-allocation cannot cover of the debt is taken from the final issue; the rest of an issue larger than the
    final amount is returned. Draft plan 2025–2026, note 8: 50 000 pre-allocated, 30 000 final and 70 000 to deduct give pre-issue
    0, final issue 0, returned 20 000 − the amounts always balance: `final issue = (final − pre_allocated) + returned`.
    """
    zero = Decimal(0)
    pre_issue = max(pre_allocated - to_deduct, zero)
    balance = final - pre_allocated
    returned = max(-balance, zero)
    return {"pre_issue": pre_issue, "returned": returned, "final_issue": balance + returned}
