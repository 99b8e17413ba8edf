"""``make bench``: figures against their targets, on data of a country's size.

A measure is a function in a ``measure_<area>.py`` of this package::

    @measure("Heatmap data of one region", at_most(60, "ms"))
    def heatmap_of_a_region(bench: Bench) -> float:
        return bench.milliseconds(lambda: heatmap(...))
"""
