import assert from "node:assert/strict";
import { test } from "node:test";
import * as fairlead from "fairlead";

test("the package gives an application what it needs", () => {
  const needed = [
    ...["openNetworkAccessManager", "defaultManager", "transactionOf", "openStore", "nodeTls", "isCodedError"],
    ...[
      "AuthenticationError",
      "FairleadError",
      "FetchError",
      "FileError",
      "PolicyError",
      "ProtocolError",
      "StoreError",
      "TimeoutError",
      "TlsError",
    ],
    ...["TransportError", "UsageError"],
  ];
  const missing = needed.filter((name) => !(name in fairlead));
  assert.deepEqual(missing, []);
});
