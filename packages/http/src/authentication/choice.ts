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

/** A challenge that may be answered. */
export interface RankedChallenge {
  readonly challenge: Challenge;
  readonly scheme: AuthenticationScheme;
  /** The more the stronger: how little an eavesdropper, or the server itself, would learn. */
  readonly strength: number;
}

/** Challenges in the order in which they are to be answered. */
export interface ChallengeRanking {
  /** The strongest first; of equals the one that came first. */
  readonly ranked: readonly RankedChallenge[];
  /** Schemes that could be answered, and that the policy refuses. */
  readonly refused: readonly AuthenticationScheme[];
}

/**
 * Ranks the challenges of one response, and leaves out what cannot, or must not, be answered.
 *
 * @see RFC 9110 section 11.4; RFC 7616 section 3.7
 */
export function rankChallenges(challenges: readonly Challenge[], policy: ChallengePolicy): ChallengeRanking {
  const { able, isPlain, refuses = refusesInTheClear } = policy;
  const known = challenges.flatMap((challenge): RankedChallenge[] => {
    const scheme = schemes.find((each) => each === challenge.scheme);
    const strength = scheme === undefined || !able.has(scheme) ? undefined : strengthOf(scheme, challenge);
    return scheme === undefined || strength === undefined ? [] : [{ challenge, scheme, strength }];
  });
  const isRefused = ({ scheme }: RankedChallenge): boolean => refuses(scheme, isPlain);
  return {
    ranked: known.filter((each) => !isRefused(each)).sort((one, other) => other.strength - one.strength),
    refused: [...new Set(known.filter(isRefused).map(({ scheme }) => scheme))],
  };
}

/** Whoever can read what is sent has the password or the token. RFC 7617 section 4, RFC 6750 section 5.3. */
export function refusesInTheClear(scheme: AuthenticationScheme, isPlain: boolean): boolean {
  return isPlain && (scheme === "basic" || scheme === "bearer");
}

const schemes = ["negotiate", "ntlm", "digest", "bearer", "basic"] as const;

/** `undefined` for a challenge that cannot be answered. */
function strengthOf(scheme: AuthenticationScheme, challenge: Challenge): number | undefined {
  switch (scheme) {
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
  }
}

function digestStrength(challenge: Challenge): number | undefined {
  switch (readDigestChallenge(challenge)?.hash) {
    case "SHA-512-256":
      return 8;
    case "SHA-256":
      return 7;
    case "MD5":
      return 4;
    case undefined:
      return undefined;
  }
}
