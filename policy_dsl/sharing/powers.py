"""Powers, roots and logarithms: exact where the result is rational, otherwise with a proven bound.

Everything is whole-number arithmetic.  An irrational result is a fraction together with a bound that the error cannot
exceed; the bound is derived beside each computation, not estimated.

Source of the series: Abramowitz & Stegun, "Handbook of Mathematical Functions", 1964, 4.1.27 (logarithm) and 4.2.1
(exponential); Brent & Zimmermann, "Modern Computer Arithmetic", 2010, ch. 4 (reduction of the argument).
"""

from fractions import Fraction

from policy_dsl.records import dataclass

DIGITS = 40
_ROOT_LIMIT = 64
"""Greatest denominator of an exponent that is computed as a root; beyond, exp and log are faster."""


@dataclass(frozen=True, slots=True)
class Approx:
    """A number known within a bound: |true − value| ≤ bound, and bound ≤ |value| × 10^−digits as asked for."""

    value: Fraction
    bound: Fraction

    @property
    def low(self) -> Fraction:
        """The true number is not below this."""
        return self.value - self.bound

    @property
    def high(self) -> Fraction:
        """The true number is not above this."""
        return self.value + self.bound


def root(x: Fraction, n: int, digits: int = DIGITS) -> Fraction | Approx:
    """The n-th root of x ≥ 0; a Fraction exactly if it is rational, else an `Approx` of `digits` significant digits.

    Raises ValueError if x is negative, n is not positive, or digits is not positive.
    """
    if x < 0 or n < 1 or digits < 1:
        raise ValueError("a root needs a number that is not negative, a positive degree and positive digits")
    exact = _exact_root(x, n)
    return exact if exact is not None else _near_root(x, n, digits)


def power(base: Fraction, exponent: Fraction, digits: int = DIGITS) -> Fraction | Approx:
    """base ^ exponent; a Fraction exactly if it is rational, else an `Approx` of `digits` significant digits.

    The empty product is 1, so that 0 ^ 0 = 1.  Raises ZeroDivisionError for 0 to a negative power, ValueError for a
    negative base with a broken exponent or digits below 1.
    """
    if digits < 1:
        raise ValueError("at least one digit must be asked for")
    upper, lower = exponent.numerator, exponent.denominator
    if lower == 1:
        return Fraction(base**upper)
    if base < 0:
        raise ValueError(f"a negative base ({base}) has no real power {exponent}")
    if base == 0:
        return Fraction(0**upper) if upper > 0 else 1 / base
    exact = _exact_root(base, lower)
    if exact is not None:
        return Fraction(exact**upper)
    if lower <= _ROOT_LIMIT:
        return _near_root(Fraction(base**upper), lower, digits)
    return _power_by_exp(base, exponent, digits)


def logarithm(x: Fraction, digits: int = DIGITS) -> Fraction | Approx:
    """The natural logarithm of x > 0; 0 exactly for 1, else an `Approx` of `digits` significant digits.

    It is irrational for every other rational x (Lindemann 1882).  Raises ValueError if x is not positive or digits is
    below 1.
    """
    if x <= 0 or digits < 1:
        raise ValueError("a logarithm needs a positive number and positive digits")
    if x == 1:
        return Fraction(0)
    bits = 4 * digits + 32
    while True:
        near = _log(x, bits)
        if near.bound * 10**digits <= abs(near.value):
            return near
        bits *= 2


def _whole_root(x: int, n: int) -> int:
    """The greatest whole number whose n-th power is at most x ≥ 0 (Newton's method from above)."""
    if x < 2 or n == 1:
        return x
    guess = 1 << -(-x.bit_length() // n)
    while True:
        better = ((n - 1) * guess + x // guess ** (n - 1)) // n
        if better >= guess:
            return guess
        guess = better


def _exact_root(x: Fraction, n: int) -> Fraction | None:
    over, under = _whole_root(x.numerator, n), _whole_root(x.denominator, n)
    return Fraction(over, under) if over**n == x.numerator and under**n == x.denominator else None


def _near_root(x: Fraction, n: int, digits: int) -> Approx:
    """Scale x so that the whole root has more than `digits` digits; the whole root is then less than one unit too low.

    For whole numbers, root(floor(y)) and root(y) have the same whole part, so that rounding y down costs nothing
    more.
    """
    places = digits + 1 + max(0, (x.denominator.bit_length() - x.numerator.bit_length()) // (3 * n) + 1)
    scale = Fraction(10**places)
    whole = _whole_root((x * scale**n).__floor__(), n)
    return Approx((whole + Fraction(1, 2)) / scale, Fraction(1, 2) / scale)


def _atanh(t: Fraction, bits: int) -> tuple[int, int]:
    """atanh(t) for |t| ≤ 1/3 in units of 2^−bits, and a bound of the error in the same units.

    Rounding t costs at most 1/(1 − 1/9) < 2 units.  Each power of t is off by less than 2 units (one for its own
    rounding and the earlier ones times t²), each term by less than 3.  The terms stop when the power is below one
    unit: true power below 3, all that follows below 3/(1 − 1/9) < 4.
    """
    one = 1 << bits
    scaled = abs(t.numerator) * one // t.denominator
    factor, total, odd, terms = scaled, 0, 1, 0
    while factor:
        total += factor // odd
        factor = (factor * scaled * scaled) >> (2 * bits)
        odd += 2
        terms += 1
    return (total if t > 0 else -total), 3 * terms + 6


def _log(x: Fraction, bits: int) -> Approx:
    """ln x = 2 atanh((m − 1)/(m + 1)) + k ln 2 with x = m 2^k and m between 2/3 and 4/3."""
    k = x.numerator.bit_length() - x.denominator.bit_length()
    m = x / Fraction(2) ** k
    while m > Fraction(4, 3):
        m, k = m / 2, k + 1
    while m < Fraction(2, 3):
        m, k = m * 2, k - 1
    near, error = _atanh((m - 1) / (m + 1), bits)
    two, two_error = _atanh(Fraction(1, 3), bits)
    value, bound = 2 * near + 2 * k * two, 2 * error + 2 * abs(k) * two_error
    return Approx(Fraction(value, 1 << bits), Fraction(bound, 1 << bits))


def _exp(z: Fraction, bits: int) -> Approx:
    """e^z for |z| ≤ 1/2 by its series.

    Rounding z costs at most e^(1/2) < 2 units of 2^−bits.  Each term is off by less than 2 units (one for its own
    rounding, less than one from the term before).  The terms stop below one unit: what follows is below 3 + 3.
    """
    one = 1 << bits
    scaled = abs(z.numerator) * one // z.denominator
    term, total, count = one, 0, 0
    while term:
        total += -term if z < 0 and count % 2 else term
        count += 1
        term = ((term * scaled) >> bits) // count
    return Approx(Fraction(total, one), Fraction(2 * count + 8, one))


def _power_by_exp(base: Fraction, exponent: Fraction, digits: int) -> Approx:
    """base^e = 2^n exp(r) with r = e ln(base) − n ln 2 and |r| ≤ 1/2.

    The true r is within δ of the r used, so that the true value is within the factor exp(±δ) of exp(r); for δ ≤ 1
    that is at most 2δ relatively, and exp(r) ≤ 2.
    """
    bits = 4 * digits + 32
    while True:
        logged, two = _log(base, bits), _log(Fraction(2), bits)
        raised = exponent * logged.value
        n = round(raised / two.value)
        rest = raised - n * two.value
        off = abs(exponent) * logged.bound + abs(n) * two.bound
        grown = _exp(rest, bits)
        scale = Fraction(2) ** n
        near = Approx(grown.value * scale, (grown.bound + 4 * off) * scale)
        if off <= 1 and near.bound * 10**digits <= near.value:
            return near
        bits *= 2
