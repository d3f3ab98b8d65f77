import {
  CAPTIVE_PORTAL_MEDIA_TYPE,
  judgeProbe,
  NO_VERDICT,
  parseCaptivePortalDocument,
  type ConnectivityFindings,
  type ProbeVerdict,
} from "@fairlead/http/connectivity";
import { NO_TERMS } from "../agreement/connection-terms.ts";
import { Deadline } from "../deadline.ts";
import type { Dispatch, HopOptions, ResponseFields } from "../dispatch.ts";
import type { Exchange } from "../exchange.ts";
import { hopOptions } from "../hop-options.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { Partition } from "../partition.ts";
import { ConnectionHold } from "../pool/connection-hold.ts";
import type { TargetCache } from "../target.ts";
import type { Timeouts } from "../timeouts.ts";
import { OpenTransaction } from "../transaction.ts";
import { parseCheckUrl, type CheckedSettings } from "./options.ts";
import { readShortResponse, type ContentLimit } from "./short-response.ts";

/** What checks need of their manager. */
export interface CheckGround {
  /** Goes by the manager's routes and pools, past all that it remembers and asks: from `checkPipeline`. */
  readonly dispatch: Dispatch;
  readonly targets: TargetCache;
  readonly names: NameCache;
  readonly timeouts: Timeouts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Asks once; never rejects, as what fails gives no verdict. */
export type Check = (signal: AbortSignal) => Promise<ConnectivityFindings>;

/** A partition of their own: no connection, address or TLS session of anybody else's. No site has this name. */
export const CHECK_PARTITION: Partition = "connectivity checks";

const DOCUMENT_LIMIT_BYTES = 64 * 1024;

/** Makes what sends probes, and asks the API; `undefined` where there is nothing to ask. */
export function openCheck(settings: CheckedSettings, ground: CheckGround): Check | undefined {
  const { probeUrl, apiUrl, timeoutMilliseconds } = settings;
  if (probeUrl === undefined && apiUrl === undefined) return undefined;
  return async (signal) => {
    const asked = apiUrl?.();
    const deadline = new Deadline(timeoutMilliseconds, signal, "connectivity");
    try {
      const [probe, api] = await Promise.all([
        probeUrl && sendProbe(probeUrl, ground, deadline.signal),
        asked === undefined ? undefined : askApi(asked, ground, deadline.signal),
      ]);
      return { probe, api };
    } finally {
      deadline.clear();
    }
  };
}

/** Sends a probe on a connection of its own, and reads no more of the response than tells whether there is content. */
async function sendProbe(url: URL, ground: CheckGround, signal: AbortSignal): Promise<ProbeVerdict> {
  const hold = new ConnectionHold({ needsUnused: true });
  try {
    const hop = anonymousHop(url, [], hold, ground, signal);
    const { status, fields, isCut } = await readShortResponse(ground.dispatch, hop, ONE_BYTE_OF_200);
    const [location, retryAfter] = [first(fields, "location"), first(fields, "retry-after")];
    return judgeProbe({ status, location, retryAfter, hasContent: isCut }, url, ground.now());
  } catch {
    return NO_VERDICT;
  } finally {
    hold.discard();
  }
}

const ONE_BYTE_OF_200: ContentLimit = (status) => (status === 200 ? 0 : undefined);

/**
 * Asks the API of a captive portal, and believes it only over TLS that was verified: no exception that an application, a
 * user or an option made for a certificate counts here.
 *
 * @see RFC 8908 section 4
 */
async function askApi(
  given: string | URL,
  ground: CheckGround,
  signal: AbortSignal,
): Promise<ConnectivityFindings["api"]> {
  const url = parseCheckUrl(given, "https:");
  if (url === undefined) return "none";
  const hold = new ConnectionHold({ needsUnused: true });
  try {
    const hop = anonymousHop(url, ["accept", CAPTIVE_PORTAL_MEDIA_TYPE], hold, ground, signal);
    const { status, fields, content, isCut } = await readShortResponse(ground.dispatch, hop, documentOf200);
    if (status !== 200 || isCut || hop.hop.tls?.authorized !== true) return "none";
    return parseCaptivePortalDocument(first(fields, "content-type"), new TextDecoder().decode(content)) ?? "none";
  } catch {
    return "none";
  } finally {
    hold.discard();
  }
}

const documentOf200: ContentLimit = (status) => (status === 200 ? DOCUMENT_LIMIT_BYTES : undefined);

/** A GET that tells nothing of who makes it, and leaves nothing behind, on a connection that nobody else has. */
function anonymousHop(
  url: URL,
  fields: readonly string[],
  hold: ConnectionHold,
  ground: CheckGround,
  signal: AbortSignal,
): HopOptions {
  const exchange: Exchange = {
    transaction: new OpenTransaction(),
    signal,
    partition: CHECK_PARTITION,
    chooseRoutes: undefined,
    cookies: false,
    siteForCookies: undefined,
    topLevelNavigation: false,
    earlyData: false,
    onAuthenticate: undefined,
    authenticators: [],
    timeouts: ground.timeouts,
    cache: "no-store",
    retry: null,
    body: "none",
    reopenBody: undefined,
    redirect: undefined,
  };
  const target = ground.targets.find(url.origin);
  // Another network may have another address for it, or none.
  ground.names.forget(target.host, CHECK_PARTITION);
  const request = {
    target,
    path: url.pathname + url.search,
    method: "GET",
    headers: ["connection", "close", ...fields],
    body: null,
  };
  const terms = { ...NO_TERMS, identity: null };
  return {
    ...hopOptions(request, exchange),
    agreement: { terms, chooseIdentity: undefined, judgeCertificate: undefined },
    hold,
  };
}

function first(fields: ResponseFields, name: string): string | undefined {
  const field: string | string[] | undefined = fields[name];
  return Array.isArray(field) ? field[0] : field;
}
