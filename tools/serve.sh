#!/bin/sh
# Serves the demonstration on SQLite at 127.0.0.1:$PORT: brings the database up to date, loads the
# processes and the demonstration's people, prints where it is and who may sign in.
set -eu
cd "$(dirname "$0")/.."
PORT=${PORT:-8000}
WORKFLOW_APP_DEMO=1
WORKFLOW_APP_EMBEDDED_WORKER=1
WORKFLOW_APP_BASE_URL=${WORKFLOW_APP_BASE_URL:-http://127.0.0.1:$PORT}
export PORT WORKFLOW_APP_DEMO WORKFLOW_APP_BASE_URL

flask() {
    .venv/bin/flask --app workflow_app.wsgi "$@"
}
echo "→ database"
flask db upgrade >.setup/migrate.log 2>&1 || {
    cat .setup/migrate.log >&2
    exit 1
}
echo "→ processes"
flask processes load
flask demo load
export WORKFLOW_APP_EMBEDDED_WORKER
exec .venv/bin/gunicorn --config tools/demo_server.py --workers 1 --threads 8 \
    --bind "127.0.0.1:$PORT" --log-level warning workflow_app.wsgi:app
