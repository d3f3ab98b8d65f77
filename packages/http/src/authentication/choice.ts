import type { Challenge } from "./challenge.ts";
import { readDigestChallenge } from "./digest.ts";

/** Schemes that can be answered. */
export type AuthenticationScheme = "negotiate" | "ntlm" | "digest" | "bearer" | "basic";

/** What the choice among challenges depends on. */
export interface ChallengePolicy {
  /** Whether what is sent can be read by others: http, or a proxy that is not spoken to by TLS. */
  readonly isPlain: boolean;
  /** Schemes that can be answered here. */
  readonly able: ReadonlySet<AuthenticationScheme>;
  /** Schemes that are refused, by what is asked; by default Basic and Bearer in the clear. */
  readonly refuses?: (scheme: AuthenticationScheme, isPlain: boolean) => boolean;
}

/**
 * Finds the strongest challenge that may be answered; `undefined` when there is none.
 *
 * @see RFC 9110 section 11.4; RFC 7616 section 3.7
 */
export function chooseChallenge(challenges: readonly Challenge[], policy: ChallengePolicy): Challenge | undefined {
  const { refuses = refusesInTheClear } = policy;
  return challenges
    .filter((challenge) => {
      const scheme = knownScheme(challenge.scheme);
      return (
        scheme !== undefined && policy.able.has(scheme) && !refuses(scheme, policy.isPlain) && strength(challenge) > 0
      );
    })
    .reduce<Challenge | undefined>((best, each) => (best && strength(best) >= strength(each) ? best : each), undefined);
}

function refusesInTheClear(scheme: AuthenticationScheme, isPlain: boolean): boolean {
  return isPlain && (scheme === "basic" || scheme === "bearer");
}

function knownScheme(scheme: string): AuthenticationScheme | undefined {
  return schemes.find((each) => each === scheme);
}

const schemes = ["negotiate", "ntlm", "digest", "bearer", "basic"] as const;

/** What an eavesdropper, or the server itself, would learn: the less the stronger. 0 cannot be answered. */
function strength(challenge: Challenge): number {
  switch (knownScheme(challenge.scheme)) {
    case "negotiate":
      return 9;
    case "digest":
      return digestStrength(challenge);
    case "ntlm":
      return 5;
    case "bearer":
      return 3;
    case "basic":
      return 1;
    case undefined:
      return 0;
  }
}

function digestStrength(challenge: Challenge): number {
  switch (readDigestChallenge(challenge)?.hash) {
    case "SHA-512-256":
      return 8;
    case "SHA-256":
      return 7;
    case "MD5":
      return 4;
    case undefined:
      return 0;
  }
}
