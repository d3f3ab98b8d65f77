"""Uses the test network with requests: python3 with_requests.py MANIFEST"""

import json
import sys

import requests

with open(sys.argv[1], encoding="utf-8") as file:
    manifest = json.load(file)
origins = {service["name"]: service["origin"] for service in manifest["services"]}

session = requests.Session()
session.verify = manifest["ca"]["file"]
session.trust_env = False  # no proxy, and no other certificates

print(f"good: {session.get(origins['https'] + '/json', timeout=10).status_code}")

try:
    session.get(origins["https-expired"] + "/json", timeout=10)
    sys.exit("an expired certificate was accepted")
except requests.exceptions.SSLError as error:
    print(f"refused: {error}")

response = session.get(origins["https"] + "/redirect/302?to=/json", timeout=10)
print(f"redirect: {response.history[0].status_code}, then {response.status_code}")

session.get(origins["https"] + "/cookies/set?flavour=oat", timeout=10)
print(f"cookie: {session.get(origins['https'] + '/cookies', timeout=10).json()['raw']}")
