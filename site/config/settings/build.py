"""Settings for building an image: collects static files and compiles translations, serves nobody.

Has no secret, no database and no cache, so none need be there; the environment names STATIC_ROOT.
"""

from config.settings.base import *

SECRET_KEY = "not-a-secret-builds-only"
DATABASES = {"default": engines.database("sqlite://:memory:", conn_max_age=0)}
DATABASE_ROUTERS = []
CACHES = engines.caches("dummycache://")
