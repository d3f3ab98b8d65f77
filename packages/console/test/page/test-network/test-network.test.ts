import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { familiesOf } from "../../../src/page/test-network/rules/families.ts";
import { readFaultOrder } from "../../../src/page/test-network/rules/fault-order.ts";
import type { ShownService } from "../../../src/protocol/index.ts";

function service(name: string, family: string): ShownService {
  return { kind: "service", name, family, url: undefined, description: "Shows something" };
}

describe("the services of the test network", () => {
  const services = [service("https-expired", "https"), service("socks5", "proxies"), service("https-sct", "https")];

  test("stand by family, in their order", () => {
    assert.deepEqual(
      familiesOf(services, "").map(({ family, services: found }) => [family, found.map(({ name }) => name)]),
      [
        ["https", ["https-expired", "https-sct"]],
        ["proxies", ["socks5"]],
      ],
    );
  });

  test("are found by all words of a search, whatever their case", () => {
    assert.deepEqual(
      familiesOf(services, " EXPIRED  something ").flatMap(({ services: found }) => found),
      [services[0]],
    );
    assert.deepEqual(familiesOf(services, "expired proxies"), []);
  });
});

describe("the order of a fault", () => {
  const type = {
    type: "delay",
    description: "",
    parameters: ["milliseconds", "probability"].map((name) => ({
      name,
      description: "",
      least: 0,
      most: 9,
      isRequired: false,
      fallback: undefined,
    })),
  };

  test("leaves out what was left empty", () => {
    const entered = new Map([
      ["service", ""],
      ["value-milliseconds", " 5 "],
    ]);
    assert.deepEqual(
      readFaultOrder(type, (name) => entered.get(name) ?? ""),
      { type: "delay", values: { milliseconds: 5 } },
    );
  });

  test("names its service", () => {
    const { service: named } = readFaultOrder(type, (name) => (name === "service" ? "https" : ""));
    assert.equal(named, "https");
  });
});
