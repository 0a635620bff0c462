"""Rows from one database to another, of either engine, whole and compared: ``move_to``, ``backup`` and ``restore``.

``tables`` says which rows there are, ``snapshot`` keeps them still, ``archive`` is what they travel in, ``departure``
writes it, ``arrival`` reads it into an empty database. Nothing here may import views, or models of the site: the
registry names them.
"""
