"""The report of an analysis: charts, tables and one self-contained page, all from one result frame."""
