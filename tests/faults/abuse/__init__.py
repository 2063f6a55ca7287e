"""Campaigns in which anonymous clients try to keep others from being served."""
