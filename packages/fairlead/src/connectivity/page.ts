import type { CaptivePortal, ConnectivityState } from "@fairlead/access";
import { printable } from "../terminal/printable.ts";
import { formatBytes } from "../terminal/quantities.ts";
import type { Meaning, Paint } from "../terminal/style.ts";

const meanings: Readonly<Record<ConnectivityState, readonly [meaning: Meaning, says: string]>> = {
  offline: ["bad", "no interface has an address beyond this machine and its link"],
  local: ["bad", "there is a network, and no verdict about the internet"],
  portal: ["bad", "a captive portal wants something of you first"],
  online: ["good", "the internet answers"],
};

const sources: Readonly<Record<CaptivePortal["source"], string>> = {
  api: "the portal's API, over verified TLS",
  redirect: "a redirect in the clear: it may be anybody's",
  response: "an answer in the clear: it may be anybody's",
};

/** Lays out a state, and what is known of the portal. */
export function formatConnectivity(
  state: ConnectivityState,
  portal: CaptivePortal | undefined,
  paint: Paint,
): readonly string[] {
  const [meaning, says] = meanings[state];
  return [`${paint(meaning, state)}: ${says}`, ...(portal === undefined ? [] : portalLines(portal, paint))];
}

function portalLines(portal: CaptivePortal, paint: Paint): readonly string[] {
  const { url, venueInfoUrl, canExtendSession, source } = portal;
  const facts: readonly (readonly [label: string, fact: string | undefined])[] = [
    ["portal", url],
    ["told by", sources[source]],
    ["session", sessionOf(portal)],
    ["extend", canExtendSession ? "the session can be lengthened at the portal" : undefined],
    ["venue", venueInfoUrl],
  ];
  return facts.flatMap(([label, fact]) =>
    fact === undefined ? [] : [`  ${paint("label", label.padEnd(8))} ${printable(fact)}`],
  );
}

function sessionOf({ secondsRemaining, bytesRemaining }: CaptivePortal): string | undefined {
  const left = [
    secondsRemaining === undefined ? undefined : `${String(secondsRemaining)} s`,
    bytesRemaining === undefined ? undefined : formatBytes(bytesRemaining),
  ].filter((part) => part !== undefined);
  return left.length === 0 ? undefined : `${left.join(" and ")} left`;
}
