import type { TlsPsk } from "@fairlead/tls";
import type { ChooseIdentity, JudgeCertificate } from "../agreement/agreement.ts";
import type { ConnectionTerms } from "../agreement/connection-terms.ts";
import type { OnAuthenticate } from "../authentication/question.ts";
import type { Partition } from "../partition.ts";
import type { Route } from "../route/route.ts";
import type { Target } from "../target.ts";
import type { Timeouts } from "../timeouts.ts";

/** A version of HTTP, as ALPN names it. RFC 7301 section 6. */
export type HttpProtocol = "h2" | "http/1.1";

/** What is asked of one new connection. */
export interface ConnectRequest {
  readonly target: Target;
  readonly route: Route;
  /** Whether any certificate will do. Never true for a known HSTS host. */
  readonly unverified: boolean;
  /** Whose TLS sessions are used. */
  readonly partition: Partition;
  readonly terms: ConnectionTerms;
  /** Chooses who the client is, inside the handshake, where the terms do not say and the backend can wait. */
  readonly chooseIdentity: ChooseIdentity | undefined;
  readonly judgeCertificate: JudgeCertificate | undefined;
  /** Who is asked when a proxy on the way wants to know who opens a tunnel. */
  readonly onAuthenticate?: OnAuthenticate | undefined;
  /** What may be spoken, the best first; HTTP/1.1 alone by default. */
  readonly protocols?: readonly HttpProtocol[];
  /** What is offered in their place where no HTTP is spoken; an empty list offers nothing. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Proves both sides instead of certificates; no session is resumed or kept then. */
  readonly psk?: TlsPsk | undefined;
  /** Whether what is written first may go with the first flight. */
  readonly mayBeEarly: boolean;
  readonly signal: AbortSignal;
  /** Those of whom it is opened for; the manager's by default. */
  readonly timeouts?: Timeouts | undefined;
  /** Called for each ticket: in TLS 1.3 the server gives none before it has accepted who the client is. */
  readonly onTicket?: () => void;
}
