import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { type Service, type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import type { ServiceFamily } from "../src/services/service-entry.ts";
import { detour } from "./detour.ts";
import { isMissing, type Outcome, run, type RunOptions } from "./outside.ts";

/** What a check of one service can do. */
export interface ServiceCheck {
  readonly service: Service;
  readonly network: TestNetwork;
  /** The file of the authority to trust. */
  readonly caFile: string;
  /** A folder for what a client writes, which is removed at the end. */
  readonly folder: string;
  /** Runs a program that is not ours; see `run` in `outside.ts`. */
  readonly run: (program: string, arguments_: readonly string[], options?: RunOptions) => Promise<Outcome>;
  /** `curl` that trusts the network and finds `a.fairlead.test` at this service: options, then a path or whole URL. */
  readonly curl: (...arguments_: readonly string[]) => Promise<Outcome>;
  /** `openssl s_client` that trusts the network, with a name that the certificate must be for. */
  readonly sClient: (arguments_?: readonly string[], options?: RunOptions) => Promise<Outcome>;
  readonly gnutlsCli: (arguments_?: readonly string[], options?: RunOptions) => Promise<Outcome>;
}

/** Shows, with a client that is not ours, that a service does what its line says. */
export interface OutsideCheck {
  /** The programs that it runs; none where the check is a raw socket's. */
  readonly by: readonly string[];
  readonly check: (check: ServiceCheck) => Promise<void>;
}

/**
 * Runs one check for each service of a family. A service without a check fails, and so does a check without a service.
 */
export function describeServices<Name extends string>(
  family: ServiceFamily<Name>,
  checks: Readonly<Record<Name, OutsideCheck>>,
): void {
  describe(`services that ${family.line}`, () => {
    let network: TestNetwork;
    let folder: string;
    before(async () => {
      network = await startTestNetwork(detour);
      folder = await mkdtemp(join(tmpdir(), "fairlead-outside-"));
      await network.writeCa(join(folder, "ca.pem"));
    });
    after(async () => {
      await network.close();
      await rm(folder, { recursive: true });
    });

    test("have a check each", () => {
      assert.deepEqual(Object.keys(checks).sort(), family.services.map(({ name }) => name).sort());
    });

    for (const { name, does } of family.services) {
      const { by, check } = checks[name];
      test(`${name} ${does} (${by.join(", ") || "raw socket"})`, async (context) => {
        if (await areMissing(context, by)) return;
        // Every family of services is a part of all, whose names these are.
        await check(checkOf(network, name as string as ServiceName, folder));
      });
    }
  });
}

async function areMissing(context: TestContext, programs: readonly string[]): Promise<boolean> {
  for (const program of programs) if (await isMissing(context, program)) return true;
  return false;
}

function checkOf(network: TestNetwork, name: ServiceName, folder: string): ServiceCheck {
  const service = network.service(name);
  const { host, port, scheme } = service;
  const caFile = join(folder, "ca.pem");
  const hostName = "a.fairlead.test";
  return {
    ...{ service, network, caFile, folder, run },
    curl: (...arguments_) => {
      const options = arguments_.slice(0, -1);
      const target = arguments_.at(-1) ?? "/";
      const url = target.startsWith("/") ? `${scheme}://${hostName}:${port}${target}` : target;
      const fixed = ["--silent", "--show-error", "--globoff", "--max-time", "15", "--cacert", caFile];
      return run("curl", [...fixed, "--resolve", `${hostName}:${port}:${host}`, ...options, url]);
    },
    sClient: (arguments_ = [], options) =>
      run(
        "openssl",
        [
          ...["s_client", "-connect", `${host}:${port}`, "-CAfile", caFile, "-servername", hostName],
          ...["-verify_hostname", hostName, ...arguments_],
        ],
        options,
      ),
    gnutlsCli: (arguments_ = [], options) =>
      run(
        "gnutls-cli",
        [
          `--port=${port}`,
          `--x509cafile=${caFile}`,
          `--sni-hostname=${hostName}`,
          `--verify-hostname=${hostName}`,
        ].concat(arguments_, host),
        options,
      ),
  };
}
