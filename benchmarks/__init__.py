"""Commands that measure; the figures in the README come from them."""
