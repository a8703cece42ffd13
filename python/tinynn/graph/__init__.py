"""Live modules as graphs, and the programs that are written of them."""
