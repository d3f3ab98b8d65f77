import { TlsError } from "@fairlead/core";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadTlsBackend, tlsBackendNames, type TlsBackendName } from "../get/tls-backend.ts";
import { printableJson } from "../terminal/printable.ts";
import { paintFor } from "../terminal/style.ts";
import { widthOf } from "../terminal/width.ts";
import { formatCapabilities, type BackendReport } from "./capabilities-page.ts";

/**
 * Carries out `fairlead tls capabilities`.
 *
 * @param names the backends that were asked for by name; all that are there when empty.
 * @returns the exit code.
 * @throws TlsError TLS_LIBRARY_UNAVAILABLE for one that was asked for.
 */
export async function tellCapabilities(
  { names, json }: { readonly names: readonly TlsBackendName[]; readonly json: boolean },
  { stdout }: Surroundings,
): Promise<number> {
  const reports: BackendReport[] = [];
  for (const name of names.length === 0 ? tlsBackendNames : names) {
    try {
      const backend = await loadTlsBackend(name);
      const capabilities = await backend.capabilities();
      reports.push({ type: "found", name, library: backend.library, capabilities });
    } catch (error) {
      if (names.length > 0 || !(error instanceof TlsError) || error.code !== "TLS_LIBRARY_UNAVAILABLE") throw error;
      reports.push({ type: "unavailable", name, reason: error.remedy });
    }
  }
  const text = json
    ? printableJson(
        Object.fromEntries(reports.map(({ type, name, ...rest }) => [name, { ...rest, available: type === "found" }])),
      )
    : formatCapabilities(reports, { paint: paintFor(stdout), width: widthOf(stdout) }).join("\n");
  stdout.write(`${text}\n`);
  return exitCodes.ok.code;
}
