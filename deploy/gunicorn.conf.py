"""How gunicorn serves behind a proxy: processes, threads and limits; the address is given apart."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
#: At most as many as WORKFLOW_APP_DATABASE_POOL keeps connections.
threads = int(os.environ.get("WEB_THREADS", "8"))
#: A process that answers nothing for so long is ended; statements give up earlier.
timeout = 60
#: What a deployment waits for requests that are under way.
graceful_timeout = 30
#: The proxy keeps its connections for less.
keepalive = 75
#: Processes are made anew now and then, not all at once.
max_requests = 20_000
max_requests_jitter = 2_000
#: A heartbeat file on a disk can stop the process with the disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - memory, not a folder that others share names in
limit_request_line = 4094
limit_request_fields = 60
accesslog = "-"
