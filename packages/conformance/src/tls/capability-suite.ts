import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { memoryPair } from "@fairlead/transport";
import type { TlsBackend, TlsCapabilities } from "@fairlead/tls";
import { goodHost, mintCertificates } from "./certificates.ts";
import { secure } from "./pairing.ts";

/** A backend, and how a process of its own gets at it. */
export interface CapabilityCase {
  readonly backend: TlsBackend;
  /** Expression of an ES module: `(await import("@fairlead/tls/node")).nodeTls`. */
  readonly expression: string;
  /** Directory from which that module is found. */
  readonly from: string;
  /** What must work on a machine that tests run on. */
  readonly expected: Partial<TlsCapabilities>;
  /** A configuration file that switches something off, and what is left of the capabilities then. */
  readonly switchedOff: {
    readonly variable: "OPENSSL_CONF" | "GNUTLS_SYSTEM_PRIORITY_FILE";
    readonly file: string;
    readonly left: Partial<TlsCapabilities>;
  };
}

/** Tests that a backend tells of itself what is true, here and where something is switched off. */
export function capabilitySuite(
  name: string,
  { backend, expression, from, expected, switchedOff }: CapabilityCase,
): void {
  describe(`${name}: capabilities`, () => {
    test("tell what works", async () => {
      const found = await backend.capabilities();
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(found[keyOf(key)], value, key);
    });

    test("are found out once", () => {
      assert.equal(backend.capabilities(), backend.capabilities());
    });

    test("change with what the administrator switches off, whatever the version", async () => {
      const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
      try {
        const file = join(folder, "off.conf");
        await writeFile(file, switchedOff.file);
        const found = JSON.parse(
          await runModule(`console.log(JSON.stringify(await (${expression}).capabilities()))`, {
            [switchedOff.variable]: file,
          }),
        ) as TlsCapabilities;
        const here = await backend.capabilities();
        for (const [key, value] of Object.entries(switchedOff.left)) {
          assert.deepEqual(found[keyOf(key)], value, key);
          assert.notDeepEqual(here[keyOf(key)], value, key);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test("that call tickets persistent hold: another process resumes one", async () => {
      const certificates = await mintCertificates();
      const ticketKeys = Buffer.alloc(48, 3);
      const sessions: Uint8Array[] = [];
      using pair = await secure({ client: backend, server: backend, reportsTruncation: true }, certificates, open, {
        connect: { onSession: (session) => sessions.push(session) },
        accept: { ticketKeys },
      });
      pair.server.end("x");
      assert.equal(await text(pair.client), "x");
      const [session] = sessions;
      assert.ok(session);
      const input = JSON.stringify({
        session: Buffer.from(session).toString("base64"),
        ticketKeys: ticketKeys.toString("base64"),
        trust: certificates.trust,
        identity: { certificate: certificates.good.certificate, privateKey: certificates.good.privateKey },
        host: goodHost,
      });
      assert.equal(await runModule(resumption(expression), { FAIRLEAD_TEST_INPUT: input }), "true true\n");
    });
  });

  async function runModule(script: string, env: Readonly<Record<string, string>>): Promise<string> {
    const { PATH = "" } = process.env;
    const flags = ["--conditions=source", "--disable-warning=ExperimentalWarning", "--input-type=module"];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, "-e", script], {
      cwd: from,
      env: { PATH, ...env },
      timeout: 60_000,
    });
    return stdout;
  }
}

const open = async (): Promise<ReturnType<typeof memoryPair>> => Promise.resolve(memoryPair({ allowHalfOpen: true }));

/** Both ends are in the other process; what it has of this one is bytes. */
function resumption(expression: string): string {
  return `
    import { memoryPair } from "@fairlead/transport";
    const { host, trust, identity, ...bytes } = JSON.parse(process.env.FAIRLEAD_TEST_INPUT);
    const [near, far] = memoryPair({ allowHalfOpen: true });
    const backend = ${expression};
    const [client, server] = await Promise.all([
      backend.connect(near, { host, trust, session: Buffer.from(bytes.session, "base64") }),
      backend.accept(far, { identity, ticketKeys: Buffer.from(bytes.ticketKeys, "base64") }),
    ]);
    console.log(client.isSessionReused(), server.isSessionReused());
    client.destroy();
    server.destroy();
  `;
}

/** Keys of what the caller typed as capabilities. */
function keyOf(key: string): keyof TlsCapabilities {
  return key as keyof TlsCapabilities;
}
