"""The nine English intermediate tasks of Phang et al. 2020 and a user's own, from the catalogue's table of them."""

from xtransfer_stats.tasks import entries, ownfile

_SHIPPED = entries.intermediate(entries.shipped_tables())
# Not an intermediate task: trained beside them in the variant "mlm".
MLM = _SHIPPED.pop("mlm")
NINE = tuple(_SHIPPED)
INTERMEDIATE_TASKS = _SHIPPED | entries.intermediate(ownfile.tables(), NINE)
