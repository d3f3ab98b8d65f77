import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import type { EndpointFamily } from "../../src/endpoints/endpoint.ts";
import { detour } from "../detour.ts";
import { parseResponse, type RawAnswer, type RawResponse, requestBytes, talk } from "../raw-client.ts";

/** What a check can do: each of these opens a connection of its own and is no HTTP library's view. */
export interface Peer {
  readonly scheme: "http" | "https";
  readonly network: TestNetwork;
  /** A whole response. */
  readonly get: (target: string, fields?: readonly string[]) => Promise<RawResponse>;
  readonly send: (method: string, target: string, fields: readonly string[], body: string) => Promise<RawResponse>;
  /** Bytes as they come, for what is no proper response; leaves when `until` has come or fired. */
  readonly raw: (target: string, until?: string | AbortSignal) => Promise<RawAnswer>;
}

/** Shows that one endpoint does what its line says. */
export type Check = (peer: Peer) => Promise<void>;

/**
 * Runs one check for each endpoint of a family, over http and https. An endpoint without a check fails, and so does a
 * check without an endpoint.
 */
export function describeFamily(family: EndpointFamily, checks: Readonly<Record<string, Check>>): void {
  describe(`endpoints that ${family.line}`, () => {
    let network: TestNetwork;
    before(async () => {
      network = await startTestNetwork(detour);
    });
    after(async () => {
      await network.close();
    });

    test("have a check each", () => {
      assert.deepEqual(Object.keys(checks).sort(), family.endpoints.map(({ path }) => path).sort());
    });

    for (const { path, does } of family.endpoints) {
      for (const scheme of ["http", "https"] as const) {
        test(`${scheme} ${path} ${does}`, async () => {
          await checks[path]?.(peerFor(network, scheme));
        });
      }
    }
  });
}

function peerFor(network: TestNetwork, scheme: "http" | "https"): Peer {
  const send: Peer["send"] = async (method, target, fields, body) =>
    parseResponse(await talk(network, scheme, requestBytes(target, method, fields, body)));
  return {
    scheme,
    network,
    send,
    get: (target, fields = []) => send("GET", target, fields, ""),
    raw: (target, until) => talk(network, scheme, requestBytes(target), until),
  };
}
