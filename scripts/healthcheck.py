"""Asks the web process in this container whether it is alive; the answer is the exit code."""

import os
import sys
import urllib.request

host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
request = urllib.request.Request("http://127.0.0.1:8000/healthz/", headers={"Host": host})
with urllib.request.urlopen(request, timeout=5) as response:
    sys.exit(response.status != 200)
