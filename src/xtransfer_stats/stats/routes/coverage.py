"""Coverage of the bootstrap's nominal 95 % intervals over few seeds, measured: see docs/routes.md."""

from types import MappingProxyType

# per cent, 400 simulated studies of 199 replicates with normal seed differences (simulate.py)
COVERAGE = MappingProxyType(
    {
        ("studentised", 3): 84.5,
        ("studentised", 5): 94.25,
        ("studentised", 10): 93.75,
        ("percentile", 3): 71.5,
        ("percentile", 5): 85.25,
        ("percentile", 10): 89.75,
        ("BCa", 3): 69.5,
        ("BCa", 5): 84.25,
        ("BCa", 10): 88.5,
    }
)


def measured(name: str, seeds: int) -> str:
    """The coverage measured at the largest number of seeds not above these; "" when there is none."""
    known = [n for method, n in COVERAGE if method == name and n <= seeds]
    if not known:
        return ""
    return f"measured coverage of a nominal 95 % interval at {max(known)} seeds: {COVERAGE[name, max(known)]:g} %"
