"""Powers, roots and logarithms: exact ones, published digits, and bounds that are kept."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from sharing_laws import Law, fails, holds

from policy_dsl.sharing import Approx, logarithm, power, root

F = Fraction


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (F(4), F(1, 2), 2),
        (F(8, 27), F(2, 3), F(4, 9)),
        (F(8, 27), F(-1, 3), F(3, 2)),
        (F(3, 2), F(-2), F(4, 9)),
        (F(-2), F(3), -8),
        (F(2) ** 100, F(3, 100), 8),
        (F(1), F(7, 1000), 1),
        (F(0), F(1, 2), 0),
        (F(0), F(0), 1),
        (F(10**40), F(1, 2), 10**20),
    ],
)
def test_rational_results_are_exact(base, exponent, expected):
    result = power(base, exponent)
    assert isinstance(result, Fraction)
    assert result == expected


@pytest.mark.parametrize(
    ("result", "digits"),
    [
        (power(F(2), F(1, 2)), "1.41421356237309504880168872420969807856967187537694"),
        (root(F(2), 3), "1.25992104989487316476721060727822835057025146470150"),
        (logarithm(F(2)), "0.69314718055994530941723212145817656807550013436026"),
        (logarithm(F(10)), "2.30258509299404568401799145468436420760110148862877"),
    ],
)
def test_published_digits(result, digits):
    """On-line Encyclopedia of Integer Sequences: A002193, A002580, A002162, A002392."""
    assert isinstance(result, Approx)
    assert result.low <= F(digits) + F(1, 10**50)
    assert result.high >= F(digits) - F(1, 10**50)
    assert result.bound <= abs(result.value) / 10**40


CASES = st.tuples(
    st.builds(F, st.integers(1, 500), st.integers(1, 500)),
    st.builds(F, st.integers(-40, 40), st.integers(1, 12)),
    st.integers(1, 45),
)


def encloses_the_power(implementation, case):
    """Raising the ends of the interval to the denominator encloses base ^ numerator, which is exact."""
    base, exponent, digits = case
    result = implementation(base, exponent, digits)
    true = base**exponent.numerator
    if isinstance(result, Fraction):
        assert result**exponent.denominator == true
    else:
        assert 0 < result.low**exponent.denominator <= true <= result.high**exponent.denominator
        assert result.bound * 10**digits <= result.value


def by_logarithms(base, exponent, digits):
    """The other way of the library, taken for every exponent."""
    from policy_dsl.sharing.powers import _power_by_exp

    exact = power(base, exponent, digits)
    return exact if isinstance(exact, Fraction) else _power_by_exp(base, exponent, digits)


def by_floats(base, exponent, digits):
    value = F(float(base) ** float(exponent))
    return Approx(value, value / 10**digits)


def with_a_bound_too_tight(base, exponent, digits):
    found = power(base, exponent, digits)
    return found if isinstance(found, Fraction) else Approx(found.value, found.bound / 10**3)


@pytest.mark.parametrize("real", [power, by_logarithms])
def test_powers_lie_within_their_bound(real):
    holds(Law(CASES, encloses_the_power), real, 120)


@pytest.mark.parametrize("fault", [by_floats, with_a_bound_too_tight])
def test_false_bounds_are_found(fault):
    fails(Law(CASES, encloses_the_power), fault)


def agrees_with_decimal(implementation, case):
    x, _, digits = case
    result = implementation(x, digits)
    if x == 1:
        assert result == 0
        return
    with localcontext() as context:
        context.prec = 80
        true = F((Decimal(x.numerator) / Decimal(x.denominator)).ln())
    assert abs(true - result.value) <= result.bound + F(1, 10**70)
    assert result.bound * 10**digits <= abs(result.value)


def log_by_floats(x, digits):
    import math

    value = F(math.log(x))
    return F(0) if x == 1 else Approx(value, abs(value) / 10**digits)


def test_logarithms_lie_within_their_bound():
    holds(Law(CASES, agrees_with_decimal), logarithm, 120)
    fails(Law(CASES, agrees_with_decimal), log_by_floats)


def test_logarithm_near_one_keeps_its_digits():
    near = logarithm(1 + F(1, 10**60))
    assert near.bound * 10**40 <= near.value
    assert near.low <= F(1, 10**60) - F(1, 2 * 10**120) + F(1, 3 * 10**180)
    assert logarithm(F(1)) == 0


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: power(F(0), F(-1, 2)), ZeroDivisionError),
        (lambda: power(F(0), F(-1)), ZeroDivisionError),
        (lambda: power(F(-4), F(1, 2)), ValueError),
        (lambda: power(F(2), F(1, 2), 0), ValueError),
        (lambda: root(F(-8), 3), ValueError),
        (lambda: root(F(8), 0), ValueError),
        (lambda: logarithm(F(0)), ValueError),
    ],
)
def test_refusals(call, fault):
    with pytest.raises(fault):
        call()
