"""Coverage of the bootstrap's nominal 95 % intervals over few seeds, measured."""

from types import MappingProxyType

# In %: `make calibration`, bootstrap part, nested design, set and run luck of one size, 400 studies of 199 replicates,
# mean over the five contrasts of docs/calibration.md.
COVERAGE = MappingProxyType(
    {
        ("studentised", 3): 84.8,
        ("studentised", 5): 94.2,
        ("studentised", 10): 94.0,
        ("percentile", 3): 72.8,
        ("percentile", 5): 81.9,
        ("percentile", 10): 89.6,
        ("BCa", 3): 71.8,
        ("BCa", 5): 81.7,
        ("BCa", 10): 89.5,
    }
)


def measured(name: str, seeds: int) -> str:
    """The coverage measured at the largest number of seeds not above these; "" when there is none."""
    known = [n for method, n in COVERAGE if method == name and n <= seeds]
    if not known:
        return ""
    return f"measured coverage of a nominal 95 % interval at {max(known)} seeds: {COVERAGE[name, max(known)]:g} %"
