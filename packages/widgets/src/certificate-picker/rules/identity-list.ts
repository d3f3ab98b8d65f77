import { readMoment } from "../../text/moments.ts";
import type { OfferedIdentity } from "../identity-question.ts";

/** Whether a server can be expected to take it now. */
export type IdentityState = "valid" | "not-yet-valid" | "expired" | "unreadable";

/** An identity as it stands in the list. */
export interface ListedIdentity {
  readonly identity: OfferedIdentity;
  readonly state: IdentityState;
}

/** Lists identities in their order, those that are valid before those that are not. */
export function listIdentities(identities: readonly OfferedIdentity[], now: number): readonly ListedIdentity[] {
  const listed = identities.map((identity) => ({ identity, state: stateOf(identity, now) }));
  return [...listed.filter(({ state }) => state === "valid"), ...listed.filter(({ state }) => state !== "valid")];
}

/** The only one, if it is valid: with several it is for the person to say who they want to be. */
export function onlyIdentity(listed: readonly ListedIdentity[]): string | undefined {
  const [only, another] = listed;
  return another === undefined && only?.state === "valid" ? only.identity.fingerprint : undefined;
}

/** Those in whose subject or issuer each word occurs. */
export function filterIdentities(listed: readonly ListedIdentity[], text: string): readonly ListedIdentity[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return listed.filter(({ identity: { subject, issuer } }) => {
    const names = `${subject}\n${issuer}`.toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

function stateOf({ notBefore, notAfter }: OfferedIdentity, now: number): IdentityState {
  const from = notBefore === undefined ? -Infinity : readMoment(notBefore);
  const until = readMoment(notAfter);
  if (from === undefined || until === undefined) return "unreadable";
  if (now < from) return "not-yet-valid";
  return now > until ? "expired" : "valid";
}
