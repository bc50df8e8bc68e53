"""From the text of a formula and a table to terms: what is allowed, what it means, what is refused."""
