"""The calculator between its readers and the rules: numerals, links, reading, answers, the page and the API."""
