"""Measures each stage against truth, floor and peers. Nothing in the product imports it."""
