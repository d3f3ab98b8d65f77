import { AuthenticationError, UsageError } from "@fairlead/core";
import type { SchemeConversation, SchemeStep } from "@fairlead/http/authentication";
import { acquireCredentials } from "./acquire-credentials.ts";
import { needsMore } from "./gss-error.ts";
import type { GssApi, GssHandle } from "./gss-api.ts";
import { native, words, type NativeBytes } from "./native-bytes.ts";
import type { NegotiateSubject } from "./negotiate-subject.ts";
import { objectIdentifiers } from "./object-identifiers.ts";
import type { Turns } from "./turns.ts";

/** What all conversations have in common. */
export interface NegotiateLibrary {
  readonly gss: GssApi;
  readonly turns: Turns;
}

/** The largest token that is taken; those of Windows with many groups have some ten KiB. */
const MAX_TOKEN_BYTES = 65_536;

/** RFC 2744 section 5.19. */
const flags = { delegate: 1, mutual: 2 } as const;

/**
 * One conversation by SPNEGO, with Kerberos inside. Calls of the library that may wait run on other threads, and cannot be
 * called back: closing leaves them behind, and frees what they use when they return.
 *
 * @see RFC 4559 section 4; RFC 4178
 */
export class NegotiateConversation implements SchemeConversation {
  readonly #library: NegotiateLibrary;
  #subject: NegotiateSubject | undefined;
  readonly #peer: string;
  readonly #context: GssHandle;
  #credentials: GssHandle | undefined;
  #target: GssHandle | undefined;
  #state: "new" | "asked" | "done" | "closed" = "new";
  /** While the library is at work. */
  #abandon: ((reason: unknown) => void) | undefined;

  constructor(library: NegotiateLibrary, subject: NegotiateSubject) {
    this.#library = library;
    this.#subject = subject;
    this.#peer = subject.service.host;
    this.#context = library.gss.context();
  }

  next(fromServer: Uint8Array | undefined): Promise<SchemeStep> {
    const { promise, resolve, reject } = Promise.withResolvers<SchemeStep>();
    if (this.#abandon !== undefined) return Promise.reject(outOfTurn("the last step is not over"));
    this.#abandon = reject;
    this.#library.turns
      .run(() => this.#step(fromServer))
      .then(
        (step) => {
          this.#settle();
          resolve(step);
        },
        (error: unknown) => {
          this.#state = "closed";
          this.#settle();
          reject(error);
        },
      );
    return promise;
  }

  close(reason: unknown = outOfTurn("the conversation is closed")): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#subject = undefined;
    if (this.#abandon === undefined) this.#free();
    else this.#abandon(reason);
  }

  /** The library is back. */
  #settle(): void {
    this.#abandon = undefined;
    if (this.#state === "closed") this.#free();
  }

  async #step(fromServer: Uint8Array | undefined): Promise<SchemeStep> {
    const subject = this.#subject;
    if (subject === undefined) throw outOfTurn("the conversation is closed");
    if (this.#state === "done" || (this.#state === "new") !== (fromServer === undefined)) {
      throw this.#failure("AUTHENTICATION_TOKEN_INVALID", "a token out of turn");
    }
    if (fromServer !== undefined && fromServer.length > MAX_TOKEN_BYTES) {
      throw this.#failure("AUTHENTICATION_TOKEN_INVALID", "a token of more than 64 KiB");
    }
    const { gss } = this.#library;
    const { service, options } = subject;
    if (this.#state === "new") {
      this.#credentials = gss.credentials();
      await acquireCredentials(gss, this.#credentials, subject);
      if (this.#isClosed()) throw outOfTurn("the conversation is closed");
      this.#target = gss.importName(`HTTP@${service.host}`, objectIdentifiers.hostBasedService, this.#peer);
      this.#state = "asked";
    }
    const delegate = options.dangerous?.delegateTo?.includes(service.host) === true ? flags.delegate : 0;
    const [minor, output, gained] = [words(0), words(0, 0), words(0)];
    const major = await gss.functions.gss_init_sec_context.away(
      minor,
      this.#credentials?.value ?? 0,
      this.#context.cell,
      this.#target?.value ?? 0,
      objectIdentifiers.spnego,
      flags.mutual | delegate,
      0,
      channelBindings(service.channelBinding),
      fromServer === undefined ? 0 : words(fromServer.length, native(fromServer)),
      0,
      output,
      gained,
      0,
    );
    const token = gss.takeBuffer(output);
    gss.check(major, minor, this.#peer, fromServer === undefined ? "ask" : "verify");
    const done = !needsMore(major);
    if (done && (gained.uint32 & flags.mutual) === 0) throw this.#failure("SERVER_NOT_AUTHENTICATED");
    if (done && !this.#isClosed()) this.#state = "done";
    return { token, done };
  }

  /** May change while something is awaited, which the compiler does not see. */
  #isClosed(): boolean {
    return this.#state === "closed";
  }

  #free(): void {
    for (const handle of [this.#context, this.#credentials, this.#target]) handle?.[Symbol.dispose]();
  }

  #failure(code: "AUTHENTICATION_TOKEN_INVALID" | "SERVER_NOT_AUTHENTICATED", detail?: string): AuthenticationError {
    return new AuthenticationError(code, { peer: this.#peer, operation: "authenticate", detail });
  }
}

function outOfTurn(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "authenticate", detail });
}

/** A `gss_channel_bindings_struct` without addresses; 0 in the clear. RFC 2744 section 3.11; RFC 5929 section 4. */
function channelBindings(endPoint: Uint8Array | undefined): NativeBytes | 0 {
  if (endPoint === undefined) return 0;
  const data = Buffer.concat([Buffer.from("tls-server-end-point:"), endPoint]);
  return words(0, 0, 0, 0, 0, 0, data.length, native(data));
}
