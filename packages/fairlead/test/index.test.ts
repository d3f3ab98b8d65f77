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

test("devices and brokers are entries of their own, so that who does not need them loads none of it", async () => {
  const entries = [
    [await import("fairlead/coap"), "coapClient"],
    [await import("fairlead/firmware"), "updateFirmware"],
    [await import("fairlead/mqtt"), "connectMqtt"],
    [await import("fairlead/amqp"), "connectAmqp"],
    [await import("fairlead/amqp091"), "connectAmqp091"],
    [await import("fairlead/mptcp"), "multipathTcp"],
    [await import("fairlead/can"), "openCan"],
  ] as const;
  for (const [entry, name] of entries) {
    assert(name in entry, name);
    assert(!(name in fairlead), name);
  }
});
