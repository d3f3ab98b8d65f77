import { UsageError } from "@fairlead/core";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBrokerUrl } from "../../src/messaging/broker-url.ts";

const schemes = { clear: "amqp:", secure: "amqps:" };

describe("the URL of a broker", () => {
  const read: readonly (readonly [url: string, facts: readonly unknown[]])[] = [
    ["amqps://broker.example", ["amqps://broker.example", true, false, undefined, ""]],
    ["amqp://broker.example:5673/", ["amqp://broker.example:5673", false, false, undefined, ""]],
    ["amqps://sensor%207@broker.example/a%2fb", ["amqps://broker.example", true, false, "sensor 7", "a/b"]],
    ["amqp://localhost", ["amqp://localhost", false, true, undefined, ""]],
    ["amqp://127.0.0.1", ["amqp://127.0.0.1", false, true, undefined, ""]],
    ["amqp://[::1]:1", ["amqp://[::1]:1", false, true, undefined, ""]],
    ["amqp://127.example", ["amqp://127.example", false, false, undefined, ""]],
  ];
  for (const [url, facts] of read) {
    test(`${url} is read`, () => {
      const { address, secure, isLocal, username, path } = readBrokerUrl(url, schemes);
      assert.deepEqual([String(address), secure, isLocal, username, path], facts);
    });
  }

  const refused: readonly (readonly [url: string, code: string])[] = [
    ["amqps://me:secret@broker.example", "URL_USER_INFORMATION"],
    ["amqps://:secret@broker.example", "URL_USER_INFORMATION"],
    ["mqtts://broker.example", "URL_SCHEME_UNKNOWN"],
    ["secret@broker", "URL_INVALID"],
    ["amqps://broker.example?heartbeat=secret", "URL_INVALID"],
    ["amqps://broker.example#secret", "URL_INVALID"],
    ["amqps://broker.example/%ff", "URL_INVALID"],
  ];
  for (const [url, code] of refused) {
    test(`${url} is refused as ${code}, without its secret`, () => {
      assert.throws(
        () => readBrokerUrl(url, schemes),
        (error) => error instanceof UsageError && error.code === code && !error.message.includes("secret"),
      );
    });
  }
});
