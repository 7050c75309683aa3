"""Admission of claims and templates that are written by hand: is what they say of a share one?"""
