import assert from "node:assert/strict";
import { test } from "node:test";
import * as fairlead from "fairlead";

test("the package gives an application what it needs", () => {
  assert.deepEqual(Object.keys(fairlead).sort(), [
    "FairleadError",
    "FetchError",
    "NetworkAccessManager",
    "PolicyError",
    "ProtocolError",
    "StoreError",
    "TimeoutError",
    "TlsError",
    "TransportError",
    "UsageError",
    "defaultManager",
    "isCodedError",
    "nodeTls",
    "openNetworkAccessManager",
    "openStore",
    "parseRequestUrl",
    "transactionOf",
  ]);
});
