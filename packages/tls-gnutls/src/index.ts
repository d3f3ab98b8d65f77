/** TLS by the system's GnuTLS, over any byte stream. */
import { TlsError } from "@fairlead/core";
import { descriptorOpener } from "@fairlead/descriptor";
import type { TlsBackend } from "@fairlead/tls";
import type { DatagramEngineLibrary } from "@fairlead/tls/datagram";
import { engineBackend, type TlsEngineLibrary } from "@fairlead/tls/engine";
import { gnuTlsDatagramLibrary } from "./dtls/dtls-library.ts";
import { gnuTlsLibrary } from "./gnutls-library.ts";

/** Where to find GnuTLS, and how connections are carried. */
export interface GnutlsOptions {
  /** File or name of the shared library; by default the platform's usual names are tried in order. */
  readonly library?: string | undefined;
  /**
   * `descriptor`, the default, reads and writes a plain socket by its descriptor, which is faster and takes a second one;
   * whatever is no plain socket goes through its stream all the same. `stream` always does.
   */
  readonly carrier?: "descriptor" | "stream" | undefined;
}

/**
 * Makes the TLS backend on the GnuTLS of this machine. Each library is loaded once; a second call with the same options
 * returns the same backend.
 *
 * @throws TlsError TLS_LIBRARY_UNAVAILABLE when it is not installed or older than 3.6.13; the remedy is the command
 * that installs it.
 *
 * @example
 * const tls = loadGnutlsTls();
 * const socket = await tls.connect(await connectTcp({ host, port: 443 }), { host, alpnProtocols: ["http/1.1"] });
 */
export function loadGnutlsTls(options: GnutlsOptions = {}): TlsBackend {
  const { carrier = "descriptor" } = options;
  const paths = options.library === undefined ? usualNames() : [options.library];
  const key = paths.join("\n");
  const known = loaded.get(key) ?? { engines: load(paths), backends: new Map<string, TlsBackend>() };
  loaded.set(key, known);
  const backend = known.backends.get(carrier) ?? backendOf(known.engines, carrier);
  known.backends.set(carrier, backend);
  return backend;
}

/** Libraries stay loaded for as long as the process runs. */
const loaded = new Map<string, { readonly engines: Engines; readonly backends: Map<string, TlsBackend> }>();

interface Engines {
  readonly streams: TlsEngineLibrary;
  readonly datagrams: DatagramEngineLibrary;
}

function backendOf({ streams, datagrams }: Engines, carrier: "descriptor" | "stream"): TlsBackend {
  const descriptors = carrier === "descriptor" ? descriptorOpener() : undefined;
  return engineBackend({ ...streams, descriptors }, datagrams);
}

function load(paths: readonly string[]): Engines {
  const failures: unknown[] = [];
  for (const path of paths) {
    try {
      return { streams: gnuTlsLibrary(path), datagrams: gnuTlsDatagramLibrary(path) };
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map((failure, index) => {
    return `${paths[index] ?? ""}: ${failure instanceof Error ? failure.message : String(failure)}`;
  });
  throw new TlsError("TLS_LIBRARY_UNAVAILABLE", {
    operation: "load",
    detail: `GnuTLS: ${reasons.join("; ")}`,
    remedy: `install it (${installation()}), or use the backend 'node'`,
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}

/** Full paths for Homebrew and MacPorts, where the loader does not look. */
function usualNames(): readonly string[] {
  if (process.platform === "win32") return ["libgnutls-30.dll"];
  if (process.platform !== "darwin") return ["libgnutls.so.30"];
  return ["/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib"].map((folder) => `${folder}/libgnutls.30.dylib`);
}

function installation(): string {
  if (process.platform === "win32")
    return "pacman -S mingw-w64-ucrt-x86_64-gnutls, in MSYS2, and its bin folder in PATH";
  if (process.platform === "darwin") return "brew install gnutls";
  return "apt-get install libgnutls30, or your distribution's package gnutls";
}
