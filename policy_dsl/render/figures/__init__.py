"""The figures of the document: pictures of what its tables hold, drawn as SVG.

Each is a pure function of the decision. A figure shows no number that isn't in the tables and reasons beside it; what
is drawn stands in `Figure.drawn` exactly, so that tests and readers may compare it with the derivations. Drawings are
the same to the byte everywhere: places are whole tenths of a unit, widths of text come from a table of our own.
"""
