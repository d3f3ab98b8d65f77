import { displayUrl } from "../../url/display-url.ts";

/** Who is at the other end, for a line: the host, and the scheme where it is one to look at. */
export function shownPeer(url: string): string {
  const display = displayUrl(url);
  if (display.type === "text") return display.text;
  const isTold = (role: string, emphasis: string): boolean =>
    role === "subdomain" || role === "site" || role === "port" || emphasis === "flagged";
  return display.parts.map(({ role, emphasis, text }) => (isTold(role, emphasis) ? text : "")).join("");
}
