import { TlsError } from "@fairlead/core";
import type { TlsBackend } from "@fairlead/tls";
import { formatPeer } from "@fairlead/transport";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { openKeyLog } from "../get/key-log.ts";
import { lookUpFirstIn } from "../get/resolve.ts";
import { loadTlsBackend, tlsBackendNames, type TlsBackendName } from "../get/tls-backend.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import { printableJson } from "../terminal/printable.ts";
import { paintFor } from "../terminal/style.ts";
import { widthOf } from "../terminal/width.ts";
import { type BackendInspection, inspectWith } from "./inspect.ts";
import { formatInspection } from "./inspect-page.ts";
import type { InspectTarget } from "./inspect-target.ts";

/** What `fairlead tls inspect` was asked to do. */
export interface InspectPlan {
  readonly target: InspectTarget;
  /** All that are there when empty. */
  readonly backends: readonly TlsBackendName[];
  /** PEM file. */
  readonly anchorsFile: string | undefined;
  readonly serverName: string | undefined;
  readonly addresses: ReadonlyMap<string, string>;
  readonly timeoutMilliseconds: number;
  readonly keyLog: boolean;
  readonly json: boolean;
}

/**
 * Carries out `fairlead tls inspect`.
 *
 * @returns the exit code: that of TLS failures when a backend could not secure the connection, or not verify the server.
 */
export async function performInspect(plan: InspectPlan, surroundings: Surroundings): Promise<number> {
  const { target } = plan;
  const trust = plan.anchorsFile === undefined ? undefined : await readTrustAnchors(plan.anchorsFile);
  using keys = plan.keyLog ? openKeyLog(surroundings.env) : undefined;
  const settings = {
    trust,
    serverName: plan.serverName,
    timeoutMilliseconds: plan.timeoutMilliseconds,
    lookup: lookUpFirstIn(plan.addresses),
    onKeyLog: keys?.onKeyLog,
    signal: surroundings.signal,
  };
  const found: BackendInspection[] = [];
  const { backends, unavailable } = await availableBackends(plan.backends);
  for (const backend of backends) found.push(await inspectWith(backend, target, settings));

  const title = formatPeer(target.host, target.port);
  if (plan.json) {
    const { host, port, startTls } = target;
    surroundings.stdout.write(`${printableJson({ host, port, startTls, backends: found, unavailable })}\n`);
  } else {
    const style = { paint: paintFor(surroundings.stdout), width: widthOf(surroundings.stdout) };
    surroundings.stdout.write(`${formatInspection(title, found, unavailable, style).join("\n")}\n`);
  }
  const good = found.every((each) => each.type === "secured" && each.objection === undefined);
  return good ? exitCodes.ok.code : exitCodes.tls.code;
}

async function availableBackends(names: readonly TlsBackendName[]): Promise<{
  readonly backends: readonly TlsBackend[];
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}> {
  const backends: TlsBackend[] = [];
  const unavailable: { readonly name: string; readonly reason: string }[] = [];
  for (const name of names.length === 0 ? tlsBackendNames : names) {
    try {
      backends.push(await loadTlsBackend(name));
    } catch (error) {
      if (names.length > 0 || !(error instanceof TlsError)) throw error;
      unavailable.push({ name, reason: error.remedy });
    }
  }
  return { backends, unavailable };
}
