"""Repositories: one module for each port, over tables of both databases."""
