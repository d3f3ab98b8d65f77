import type { CaptivePortalDocument } from "./captive-portal-document.ts";
import type { ProbeVerdict } from "./probe-verdict.ts";

/**
 * What there is of a network: `offline`, no address beyond this machine and its link; `local`, an address, and no verdict
 * about what lies behind it; `portal`, a captive portal that users have to satisfy first; `online`, the internet.
 */
export type ConnectivityState = "offline" | "local" | "portal" | "online";

/** What is known of a network's captive portal. */
export interface CaptivePortal {
  /** Where users satisfy it; `undefined` when it does not say. Shown to users, it is to be opened in a browser of its own. */
  readonly url: string | undefined;
  /** Until the session ends, as of the check that found it; `undefined` when nobody says. */
  readonly secondsRemaining: number | undefined;
  /** Until the session ends, sent and received, as of that check; `undefined` when nobody says. */
  readonly bytesRemaining: number | undefined;
  /** Where the operator of the network tells about itself; `undefined` when nobody says. */
  readonly venueInfoUrl: string | undefined;
  /** Whether the session can be lengthened at `url`. */
  readonly canExtendSession: boolean;
  /**
   * Who says so: `api`, the portal's API, over verified TLS; `redirect` or `response`, whoever answered the probe, which was
   * in the clear and may be anybody.
   */
  readonly source: "api" | "redirect" | "response";
}

/** What was found out; `undefined` for what was not asked. */
export interface ConnectivityFindings {
  readonly probe: ProbeVerdict | undefined;
  /** `none` when it gave no answer that counts. */
  readonly api: CaptivePortalDocument | "none" | undefined;
}

/** What the findings come to. */
export interface ConnectivityVerdict {
  readonly state: Exclude<ConnectivityState, "offline">;
  /** With `online`, too, where its API tells about the session. */
  readonly portal: CaptivePortal | undefined;
}

/**
 * Decides what a probe and the API of a captive portal come to together. Either can say that there is a portal: portals let
 * some probes pass, and an API may be out of date. That the API lets the client out says nothing about what is outside:
 * where there is a probe, that has to say it.
 *
 * @see RFC 8908 section 5; RFC 8952 section 2.3
 */
export function decideConnectivity({ probe, api = "none" }: ConnectivityFindings): ConnectivityVerdict {
  const document = api === "none" ? undefined : api;
  const portal = document === undefined ? portalOfProbe(probe) : portalOfDocument(document, probe);
  if (document?.captive === true || probe?.type === "portal") return { state: "portal", portal };
  const isOnline = probe === undefined ? document !== undefined : probe.type === "online";
  return { state: isOnline ? "online" : "local", portal };
}

function portalOfProbe(probe: ProbeVerdict | undefined): CaptivePortal | undefined {
  if (probe?.type !== "portal") return undefined;
  const { portalUrl: url, source } = probe;
  return { ...NOTHING_SAID, url, source };
}

function portalOfDocument(document: CaptivePortalDocument, probe: ProbeVerdict | undefined): CaptivePortal {
  const { userPortalUrl, venueInfoUrl, canExtendSession, secondsRemaining, bytesRemaining } = document;
  const said = { venueInfoUrl, canExtendSession, secondsRemaining, bytesRemaining };
  if (userPortalUrl !== undefined || probe?.type !== "portal") return { ...said, url: userPortalUrl, source: "api" };
  return { ...said, url: probe.portalUrl, source: probe.source };
}

const NOTHING_SAID = {
  secondsRemaining: undefined,
  bytesRemaining: undefined,
  venueInfoUrl: undefined,
  canExtendSession: false,
};
