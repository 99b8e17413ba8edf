"""The web server, in the demonstration and in a country; ``gunicorn portal.wsgi`` reads this by itself."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads keep idle browser connections from holding a whole worker.
worker_class = "gthread"
threads = 2
keepalive = 15
# Loaded once and shared by the workers: faster to start and less memory.
preload_app = True
timeout = 60
control_socket_disable = True
# A slow or hostile client may not hold a request open with endless headers.
limit_request_line = 4094
limit_request_fields = 60
