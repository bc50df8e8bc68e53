"""Kenward and Roger's and Satterthwaite's quantities."""
