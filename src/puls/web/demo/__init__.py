"""The demo country: real municipalities and real numbers of children, made-up schools."""
