"""The web process in production: `gunicorn --config deploy/gunicorn.conf.py config.wsgi`.

Workers are processes, each with threads, because requests wait for the database; a request that
hangs longer than `timeout` costs one worker, which is replaced. SIGTERM lets running requests end;
a restart takes over new settings or a new release, and the socket holds requests meanwhile.
"""

import os

# Behind the proxy of this machine; systemd's socket comes first where there is one.
bind = os.environ.get("PORTAL_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("PORTAL_WEB_WORKERS", str(min(2 * (os.cpu_count() or 1) + 1, 9))))
worker_class = "gthread"
threads = int(os.environ.get("PORTAL_WEB_THREADS", "4"))
worker_tmp_dir = "/dev/shm"  # noqa: S108  heartbeats must not wait for a disk

timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker is renewed now and then, not all at the same moment.
max_requests = 5000
max_requests_jitter = 500
# Forks share the loaded code; database connections are opened after the fork.
preload_app = False

# Bounds for what a browser sends before Django sees it.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

forwarded_allow_ips = os.environ.get("PORTAL_PROXIES", "127.0.0.1,::1")
# The portal writes its own access log, without addresses of people (config.access_log).
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "info").lower()
proc_name = "portal-web"
# Signals are enough; a control socket would want a home directory.
control_socket_disable = True
