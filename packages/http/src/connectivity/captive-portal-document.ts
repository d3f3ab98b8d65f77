/** What the API of a captive portal says about a client. RFC 8908 section 5. */
export interface CaptivePortalDocument {
  /** Whether the client still has to do something before it is let out. */
  readonly captive: boolean;
  /** Where users do it; https. `undefined` when it does not say. */
  readonly userPortalUrl: string | undefined;
  /** Where the operator of the network tells about itself; http or https. */
  readonly venueInfoUrl: string | undefined;
  /** Whether users can lengthen their session at the portal. */
  readonly canExtendSession: boolean;
  /** Until the client is captive again; `undefined` for no limit. */
  readonly secondsRemaining: number | undefined;
  /** Sent and received together, until the client is captive again; `undefined` for no limit. */
  readonly bytesRemaining: number | undefined;
}

/** The media type of the document, and what a client accepts. RFC 8908 section 4. */
export const CAPTIVE_PORTAL_MEDIA_TYPE = "application/captive+json";

/**
 * Reads the document of a captive portal's API; `undefined` for what is none. A member of another type than it should have
 * counts as left out, as do those that nobody knows; only `captive` has to be there.
 *
 * @param contentType of the response.
 * @see RFC 8908 sections 4 and 5
 */
export function parseCaptivePortalDocument(
  contentType: string | undefined,
  text: string,
): CaptivePortalDocument | undefined {
  const mediaType = contentType?.split(";")[0]?.trim().toLowerCase();
  const members = mediaType === CAPTIVE_PORTAL_MEDIA_TYPE ? parseObject(text) : undefined;
  const captive = members?.["captive"];
  if (members === undefined || typeof captive !== "boolean") return undefined;
  return {
    captive,
    // "MUST be accessed over TLS"; a venue's page only SHOULD.
    userPortalUrl: parseUrl(members["user-portal-url"], ["https:"]),
    venueInfoUrl: parseUrl(members["venue-info-url"], ["https:", "http:"]),
    canExtendSession: members["can-extend-session"] === true,
    secondsRemaining: parseCount(members["seconds-remaining"]),
    bytesRemaining: parseCount(members["bytes-remaining"]),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // An array has no member of these names.
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function parseUrl(value: unknown, protocols: readonly string[]): string | undefined {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || !protocols.includes(url.protocol)) return undefined;
  // It is shown to users, whom a name before the host would deceive.
  url.username = "";
  url.password = "";
  return url.href;
}

function parseCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
