"""Moving election day, and the votes that follow upon another: what both ask of the rooms above (missions.signals)."""
