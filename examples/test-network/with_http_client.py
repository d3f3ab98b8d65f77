"""Uses the test network with Python's own library: python3 with_http_client.py MANIFEST"""

import http.client
import json
import ssl
import sys
from urllib.parse import urlsplit

with open(sys.argv[1], encoding="utf-8") as file:
    manifest = json.load(file)
origins = {service["name"]: service["origin"] for service in manifest["services"]}
trust = ssl.create_default_context(cafile=manifest["ca"]["file"])


def get(origin, path, headers={}):
    """One request on a connection of its own: status, fields and body."""
    where = urlsplit(origin)
    connection = http.client.HTTPSConnection(where.hostname, where.port, context=trust, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


status, _, _ = get(origins["https"], "/json")
print(f"good: {status}")

try:
    get(origins["https-expired"], "/json")
    sys.exit("an expired certificate was accepted")
except ssl.SSLCertVerificationError as error:
    print(f"refused: {error.verify_message}")

first, fields, _ = get(origins["https"], "/redirect/302?to=/json")
last, _, _ = get(origins["https"], fields["location"])
print(f"redirect: {first}, then {last}")

_, fields, _ = get(origins["https"], "/cookies/set?flavour=oat")
cookie = fields["set-cookie"].split(";")[0]
_, _, body = get(origins["https"], "/cookies", {"Cookie": cookie})
print(f"cookie: {json.loads(body)['raw']}")
