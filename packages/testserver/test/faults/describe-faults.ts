import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type Fault,
  type FaultHandle,
  faultTypes,
  type Service,
  type ServiceName,
  startTestNetwork,
  type TestNetwork,
} from "@fairlead/testserver";
import { isMissing, type Outcome, run, type RunOptions } from "../outside.ts";

/** What a check of one fault can do. */
export interface FaultOccasion {
  readonly service: Service;
  readonly network: TestNetwork;
  readonly handle: FaultHandle;
  readonly run: (program: string, arguments_: readonly string[], options?: RunOptions) => Promise<Outcome>;
  /** `curl` without a check of certificates: options, then a path; 3 s at most unless they say otherwise. */
  readonly curl: (...arguments_: readonly string[]) => Promise<Outcome>;
}

/** Shows, with a client that is not ours, what a fault does to a service. */
export interface FaultCheck {
  readonly fault: Fault;
  readonly on: ServiceName;
  /** What the client sees, as a clause. */
  readonly shows: string;
  /** The program that it runs; none where the check is a raw socket's. */
  readonly by?: string;
  readonly check: (occasion: FaultOccasion) => Promise<void>;
}

/** Runs checks of faults on services of one transport. A fault without a check fails. */
export function describeFaults(transport: "tcp" | "udp", checks: readonly FaultCheck[]): void {
  describe(`faults on services over ${transport}`, () => {
    let network: TestNetwork;
    before(async () => {
      network = await startTestNetwork();
    });
    after(() => network.close());

    test("have a check each", () => {
      const types = faultTypes.filter(({ transports }) => transports.includes(transport)).map(({ type }) => type);
      assert.deepEqual([...new Set(checks.map(({ fault }) => fault.type))].sort(), types.sort());
    });

    for (const { fault, on, shows, by, check } of checks) {
      const way = "direction" in fault ? `, ${fault.direction ?? "down"}` : "";
      test(`${fault.type} on ${on}${way}: ${shows} (${by ?? "raw socket"})`, async (context) => {
        if (by !== undefined && (await isMissing(context, by))) return;
        const service = network.service(on);
        const handle = network.faults(on).add(fault);
        try {
          const origin = `${service.scheme}://${service.host}:${service.port}`;
          const curl = (...arguments_: readonly string[]): Promise<Outcome> => {
            const fixed = ["--silent", "--show-error", "--insecure", "--max-time", "3"];
            return run("curl", [...fixed, ...arguments_.slice(0, -1), `${origin}${arguments_.at(-1) ?? "/"}`]);
          };
          await check({ service, network, handle, run, curl });
          assert.ok(handle.hits > 0, "it acted");
        } finally {
          handle.remove();
        }
      });
    }
  });
}
