import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { faultTypes, startTestNetwork, type TestNetwork } from "@fairlead/testserver";

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(() => network.close());

describe("faults by the control service", () => {
  test("are added, listed with what they hit, and removed", async () => {
    const fault = { type: "reset", afterBytes: 5, seed: 7 };
    const added = await post({ service: "http", ...fault });
    assert.deepEqual(added, { status: 200, json: { id: 1, services: ["http"], hits: 0, fault } });
    await post({ service: "all", type: "slow-close", milliseconds: 1, name: "slow" });
    await assert.rejects(fetch(`${network.http.origin}/json`));

    const listed = (await ask("GET", "/faults")).json as readonly { readonly id: number; readonly hits: number }[];
    assert.deepEqual(
      listed.map(({ id }) => id),
      [1, 2],
    );
    assert.equal(listed[0]?.hits, 1);
    assert.deepEqual(
      network.faults("http").list.map(({ id }) => id),
      [1, 2],
    );
    assert.equal(((await ask("DELETE", "/faults?id=1")).json as readonly unknown[]).length, 1);
    assert.deepEqual((await ask("DELETE", "/faults")).json, []);
    assert.equal((await fetch(`${network.http.origin}/json`)).status, 200);
  });

  test("are explained, each with the numbers that it takes", async () => {
    assert.deepEqual((await ask("GET", "/fault-types")).json, JSON.parse(JSON.stringify(faultTypes)));
  });

  for (const [body, line] of [
    [{ type: "reset" }, "give the service, by its name or all"],
    [{ service: "http" }, /\(type\); give one of latency, bandwidth, /],
    [{ service: "http", type: "constructor" }, /\(type\)/],
    [{ service: "http", type: "reset", toString: 1 }, /\(toString\); reset takes afterBytes, afterMilliseconds/],
    [{ service: "http", type: "reset", afterBytes: -1 }, /\(afterBytes\); give a whole number from 0 to/],
    [{ service: "http", type: "reset", afterBytes: 1.5 }, /\(afterBytes\)/],
    [{ service: "http", type: "reset", afterBytes: "1" }, /\(afterBytes\)/],
    [{ service: "http", type: "reset", probability: 2 }, /\(probability\); give a number from 0 to 1/],
    [{ service: "http", type: "reset", seed: 2 ** 32 }, /\(seed\)/],
    [{ service: "http", type: "reset", direction: "left" }, /\(direction\); give up, down or both/],
    [{ service: "http", type: "refuse", direction: "up" }, /\(direction\); refuse has none/],
    [{ service: "http", type: "reset", name: "a\u001b[2J" }, /\(name\); give a text of 1 to 64 characters/],
    [{ service: "http", type: "limit", bytes: 1 }, /limit acts on services over udp/],
    [{ service: "control", type: "reset" }, /\(service\); name a service/],
  ] as const) {
    test(`are refused as ${JSON.stringify(body)}`, async () => {
      const { status, text } = await post(body);
      assert.equal(status, 400);
      if (typeof line === "string") assert.equal(text, `${line}\n`);
      else assert.match(text ?? "", line);
      assert.deepEqual(network.faults("all").list, []);
    });
  }

  test("that are not there cannot be removed", async () => {
    for (const id of ["99", "x", "", "1e1"]) assert.equal((await ask("DELETE", `/faults?id=${id}`)).status, 404);
  });
});

interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
}

function post(body: object): Promise<Answer> {
  return ask("POST", "/faults", body);
}

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const content = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${network.manifest.control}${path}`, { method, ...(body && content) });
  const { status } = response;
  return status === 200 ? { status, json: await response.json() } : { status, text: await response.text() };
}
