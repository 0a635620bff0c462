"""The example deployment, started for real: nginx, gunicorn, Redis and a worker by the files of ``deploy/``."""
