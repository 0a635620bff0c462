"""What tells the lines of a log apart: the id of the request or run they belong to, and events with named facts.

The lowest of all layers, so that whatever works beside a request can carry its id. May not import any other app.
"""
