import type { Challenge, ConnectionBoundScheme, SchemeConversation } from "@fairlead/http/authentication";
import { untilAborted } from "../until-aborted.ts";
import type { Attempt } from "./attempt.ts";
import type { Credentials } from "./credentials.ts";

/** Finds what ties a conversation to the connection that the last response came on. */
export type FindBinding = () => Uint8Array | undefined;

/** Names who the client is on connections of one user; it holds no secret. */
export function connectionUser(scheme: string, { id }: Credentials): string {
  return `${scheme} ${id}`;
}

/** The handshake of one connection, leg by leg. Whoever begins it closes it. */
export class Handshake {
  readonly #name: string;
  readonly #user: string;
  readonly #signal: AbortSignal | undefined;
  readonly #conversation: SchemeConversation;
  #leg = 0;

  /** @param findBinding asked when the scheme wants to know. */
  constructor(
    scheme: ConnectionBoundScheme,
    credentials: Credentials,
    host: string,
    findBinding: FindBinding,
    signal: AbortSignal | undefined,
  ) {
    this.#name = scheme.name;
    this.#user = connectionUser(scheme.name.toLowerCase(), credentials);
    this.#signal = signal;
    const service = {
      host,
      get channelBinding() {
        return findBinding();
      },
    };
    this.#conversation = scheme.open(credentials.type === "password" ? credentials : undefined, service);
  }

  /** The token that the peer goes on with; `undefined` when it does not. */
  tokenOf(challenges: readonly Challenge[]): Uint8Array | undefined {
    const token = challenges.find(({ scheme }) => scheme === this.#name.toLowerCase())?.token68;
    return token === undefined ? undefined : Buffer.from(token, "base64");
  }

  /** The next leg. @throws AuthenticationError, or the signal's reason. */
  async next(fromPeer: Uint8Array | undefined): Promise<Attempt> {
    const { token } = await untilAborted([this.#signal], () => this.#conversation.next(fromPeer));
    this.#leg += 1;
    return {
      field: `${this.#name} ${Buffer.from(token).toString("base64")}`,
      authenticatedAs: this.#user,
      leg: this.#leg,
      // The first message of NTLM names nobody: it is always answered with a challenge.
      isBodyless: this.#leg === 1 && this.#name === "NTLM",
      needsUnused: this.#name === "NTLM",
    };
  }

  close(): void {
    this.#conversation.close();
  }
}
