/** What is known of a request before anything is done about it. */
export interface ArrivingRequest {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly field: (name: string) => string | null;
}

/** What a console is reached by. */
export interface ConsoleAddress {
  /** `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** Whether what stands in the place of the token is the token: compared in constant time. */
  readonly isToken: (candidate: string) => boolean;
}

/** What becomes of a request. Who is refused is not told why. */
export type ConsoleAdmission =
  | { readonly type: "refused" }
  /** @param path behind the token, without a slash in front or a query. */
  | { readonly type: "admitted"; readonly path: string };

const REFUSED: ConsoleAdmission = { type: "refused" };

/**
 * Lets in who has the token and comes from the page itself, or was sent to it by a person. The page is also shown where a
 * link or a file leads to it: the browser that `fairlead console` opens comes from a file, and whoever else knows the token
 * can have the page shown in a window of its own, and reads nothing of it.
 *
 * A name of somebody else's that leads to this machine is in Host (DNS rebinding), a page of somebody else's in
 * Sec-Fetch-Site and Origin. What changes something, or opens a WebSocket, has to say that it comes from this page.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
 */
export function admitRequest(
  { method, url, field }: ArrivingRequest,
  { origin, isToken }: ConsoleAddress,
): ConsoleAdmission {
  const [, token = "", ...rest] = url.pathname.split("/");
  const hasToken = isToken(token);
  if (!hasToken || rest.length === 0 || url.origin !== origin) return REFUSED;
  const path = rest.join("/");
  const site = field("sec-fetch-site");
  const isShown = path === "" && method === "GET" && field("sec-fetch-mode") === "navigate";
  const isLed = isShown && field("sec-fetch-dest") === "document";
  if (site !== null && site !== "same-origin" && site !== "none" && !isLed) return REFUSED;
  const from = field("origin");
  const changes = (method !== "GET" && method !== "HEAD") || field("upgrade") !== null;
  if (from === null ? changes : from !== origin) return REFUSED;
  return { type: "admitted", path };
}
