#!/bin/sh
# Serves this folder. On the first start, and whenever requirements.txt has changed, it sets up an environment of its own;
# that needs Python 3.10 to 3.13 and the network. What may be set, by environment variables:
#   HOST, PORT   where to listen (127.0.0.1 and 8001: this machine only)
#   PYTHON       the Python to set up with (python3)
#   VENV         where the environment lies (.venv in this folder)
#   FORWARDED_ALLOW_IPS   addresses of proxies, other than this machine's own, whose X-Forwarded-Proto says that
#                readers come by https
#   SITE_URL, REMOVAL_CONTACT, SECURITY_CONTACT, SECURITY_EXPIRES   see metadata.yml
set -eu
cd "$(dirname "$0")"
VENV=${VENV:-.venv}

if [ ! -e "$VENV/requirements.txt" ] || ! cmp -s requirements.txt "$VENV/requirements.txt"; then
    "${PYTHON:-python3}" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || {
        echo "start.sh: ${PYTHON:-python3} is not Python 3.10 to 3.13; name another one in PYTHON" >&2
        exit 1
    }
    "${PYTHON:-python3}" -m venv --clear "$VENV"
    "$VENV/bin/python" -m pip install --quiet --requirement requirements.txt
    cp requirements.txt "$VENV/requirements.txt"
fi

# The scripts of an environment name the folder where it was made; its Python finds it wherever the folder was moved to.
# No --setting here: Datasette 0.65 leaves settings.json aside where one is given.
exec "$VENV/bin/python" -m datasette serve . --cors --host "${HOST:-127.0.0.1}" --port "${PORT:-8001}" "$@"
