import type { IdentityQuestion } from "./client-identity.ts";
import type { EarlyData } from "./early-data.ts";
import type { KeptSessions } from "./kept-sessions.ts";
import type { PeerQuestion } from "./peer-question.ts";
import type { PskKeys } from "./psk.ts";

/** What one connection consists of beside its SSL: each part answers OpenSSL where it calls back. */
export interface EngineParts {
  readonly peer: PeerQuestion;
  readonly identity: IdentityQuestion;
  readonly sessions: KeptSessions;
  readonly alpnProtocols: readonly string[];
  /** Lines that nobody has fetched. */
  readonly keyLog: string[];
  /** What a server staples. */
  readonly staple?: Uint8Array | undefined;
  readonly psk?: PskKeys | undefined;
  readonly early?: EarlyData | undefined;
}
