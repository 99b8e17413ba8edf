"""The programme's year: windows, scale, thresholds; who takes part, in which stage."""
