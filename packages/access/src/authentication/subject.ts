import type { AskedBy } from "./asked-by.ts";
import type { AuthenticationTry } from "./attempt.ts";
import type { OnAuthenticate } from "./question.ts";

/** One request, and the server or proxy that may want to know who makes it. */
export interface AuthenticationSubject extends AskedBy {
  /** Of the server or proxy: A-labels or an IP literal without brackets. */
  readonly host: string;
  /** `host:port` for messages. */
  readonly peer: string;
  /** Whether what is sent to it can be read on the way. */
  readonly isPlain: boolean;
  /** What is requested. */
  readonly url: string;
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly asker: OnAuthenticate;
  readonly signal: AbortSignal | undefined;
  readonly body: SubjectBody;
  /** Told of each try as it is made. */
  readonly onTry: (told: AuthenticationTry) => void;
}

/** What is known of a request's content. */
export interface SubjectBody {
  /** Its bytes where they need not be read: `undefined` for a stream. */
  readonly bytes: Uint8Array | undefined;
  /** Whether the request can be sent again. */
  readonly canRepeat: boolean;
  /** Reads it whole; `undefined` where it is too large, or nobody knows it but the engine. */
  read(): Promise<Uint8Array | undefined>;
}
