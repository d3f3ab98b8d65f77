import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Manifest } from "@fairlead/testserver";
import { parseArguments, parsePort } from "../arguments.ts";
import type { Command, Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { FileError } from "../file-error.ts";

const usage = `Usage: fairlead testserver [OPTIONS]

Starts servers on loopback that behave, and misbehave, on demand: every status,
redirect, HSTS header, cookie, coding, stall, cut and wrong certificate. Prints
what listens where, and runs until Ctrl-C.

      --port PORT      port of the first listener, the others follow on the next
                       ones; by default the system chooses each
      --manifest FILE  write the manifest as JSON; when it is there, all is
                       ready
      --ca FILE        write the certificate to trust; by default to a temporary
                       file
      --json           print the manifest instead of the page
  -v, --verbose        list every endpoint on the page

What it wrote it removes when it ends.`;

const specification = {
  options: {
    port: { type: "value" },
    manifest: { type: "value" },
    ca: { type: "value" },
    json: { type: "flag" },
    verbose: { type: "flag", short: "v" },
  },
  positionals: [],
} as const;

/** The command `fairlead testserver`. */
export const testserver: Command = {
  usage,
  run: async (args, surroundings) => {
    const { options } = parseArguments(specification, args);
    const port = options.port === undefined ? 0 : parsePort(options.port);
    await using files = new WrittenFiles();
    const { startTestNetwork } = await import("@fairlead/testserver");
    const { transportErrorFrom } = await import("@fairlead/transport");
    await using network = await startTestNetwork({ port }).catch((cause: unknown) => {
      throw transportErrorFrom(cause, { operation: "listen", peer: peerOf(cause) });
    });

    const caFile = options.ca === undefined ? await files.temporary("ca.pem") : resolve(options.ca);
    await files.write(caFile, network.ca.certificate);
    const manifest: Manifest = { ...network.manifest, ca: { ...network.manifest.ca, file: caFile } };
    // Before the page and after everything else: where the file is, all is ready.
    if (options.manifest !== undefined) {
      await files.write(resolve(options.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    }
    await printManifest(manifest, options, surroundings);

    const { signal } = surroundings;
    // Being ended from outside is how this command always ends.
    if (!signal.aborted) await once(signal, "abort");
    return exitCodes.ok.code;
  },
};

/** The address that could not be had, as the system's error names it. */
function peerOf(cause: unknown): string {
  // What a system's error has; whatever else this is has neither.
  const { address, port } = (cause instanceof Error ? cause : {}) as {
    readonly address?: string;
    readonly port?: number;
  };
  return address === undefined || port === undefined ? "loopback" : `${address}:${port}`;
}

async function printManifest(
  manifest: Manifest,
  { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
  { stdout }: Surroundings,
): Promise<void> {
  if (json) {
    stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
    return;
  }
  const { formatManifest } = await import("../testserver/manifest-page.ts");
  const { paintFor } = await import("../terminal/style.ts");
  const { widthOf } = await import("../terminal/width.ts");
  const lines = formatManifest(manifest, { verbose, width: widthOf(stdout), paint: paintFor(stdout) });
  stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Files that belong to a running command: whole when they appear, and gone when it ends. */
class WrittenFiles implements AsyncDisposable {
  readonly #paths: string[] = [];

  /** A path in a directory of our own. */
  async temporary(name: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "fairlead-"));
    this.#paths.push(directory);
    return join(directory, name);
  }

  /** @throws FileError */
  async write(path: string, text: string): Promise<void> {
    const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
    try {
      const handle = await open(draft, "wx", 0o600);
      try {
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
      await rename(draft, path);
    } catch (cause) {
      await rm(draft, { force: true });
      throw new FileError(`write ${path}`, cause);
    }
    this.#paths.push(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#paths.map((path) => rm(path, { force: true, recursive: true })));
  }
}
