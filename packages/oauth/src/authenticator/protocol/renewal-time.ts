/** Before they expire tokens are renewed by so much at the most, so that nobody waits for that. */
const AHEAD_MILLISECONDS = 60_000;

/** How long tokens live. */
export interface TokenLife {
  /** Milliseconds since the epoch, as all times here. */
  readonly keptAt: number;
  /** `undefined` where nobody knows. */
  readonly expiresAt: number | undefined;
}

/** What is to be done about tokens: nothing; renew them while they are used; or wait for others. */
export type TokenState = "good" | "ageing" | "expired";

/**
 * Tells whether tokens are to be renewed: a minute before they expire, or a tenth of their life, and a little earlier by
 * chance, so that not all who have them renew them at once.
 *
 * @param chance from 0 to 1, the same for as long as the tokens are.
 */
export function tokenState({ keptAt, expiresAt }: TokenLife, now: number, chance: number): TokenState {
  if (expiresAt === undefined) return "good";
  if (now >= expiresAt) return "expired";
  const ahead = Math.min(AHEAD_MILLISECONDS, (expiresAt - keptAt) / 10);
  return now >= expiresAt - ahead * (1 + chance / 2) ? "ageing" : "good";
}
