import { agree, type ClientHello, parseClientHello } from "./protocol/client-hello.ts";
import { alertDescription, handshakeType } from "./protocol/code-points.ts";
import type { Extension, ServerHello } from "./protocol/handshake-messages.ts";
import { ConversationFailure, type Wire, type WireOptions } from "./wire.ts";

/** The versions that are spoken by hand. */
export type HandmadeVersion = "TLSv1.2" | "TLSv1.3";

/**
 * Places in a conversation where a server has something to do, in their order. TLS 1.2 has `server-key-exchange` and
 * `server-hello-done`, TLS 1.3 has `encrypted-extensions` and `certificate-verify`.
 */
export type Place =
  /** The client's hello was read; nothing is sent here unless a step does. */
  | "client-hello"
  | "server-hello"
  | "encrypted-extensions"
  | "certificate"
  | "certificate-verify"
  | "server-key-exchange"
  | "server-hello-done"
  | "finished"
  /** The handshake is over on both sides; nothing is sent here unless a step does. */
  | "established"
  /** The request was read. */
  | "answer"
  | "close";

/**
 * What is done at a place instead of the ordinary, which is to send `message` (empty where nothing is). `"stop"` ends
 * the script: what has not been closed stays open until the client leaves.
 */
export type Step = (
  wire: Wire,
  message: Uint8Array,
  hello: ClientHello,
) => "stop" | undefined | Promise<"stop" | undefined>;

/** In what a server differs from one that does all right. */
export interface Script extends WireOptions {
  /** TLS 1.3 by default. */
  readonly version?: HandmadeVersion;
  readonly serverHello?: (ours: ServerHello, client: ClientHello) => ServerHello;
  readonly encryptedExtensions?: (ours: readonly Extension[], client: ClientHello) => readonly Extension[];
  /** Leaves out the extended master secret of TLS 1.2 (RFC 7627) with `false`. */
  readonly extendedMasterSecret?: boolean;
  readonly steps?: Partial<Readonly<Record<Place, Step>>>;
}

/** A step said that this is all. */
export class ScriptEnded extends Error {}

/** A hello, with the group that both sides have; `retry` where the client sent no key of it. */
export interface AgreedHello {
  readonly type: "agreed" | "retry";
  readonly hello: ClientHello;
  readonly group: number;
}

/** A conversation with one client, that goes by a script. */
export class Performance {
  readonly wire: Wire;
  readonly script: Script;
  #hello: ClientHello | undefined;

  constructor(wire: Wire, script: Script) {
    this.wire = wire;
    this.script = script;
  }

  /** The last hello of the client. */
  get hello(): ClientHello | undefined {
    return this.#hello;
  }

  /** Reads a ClientHello, and finds what can be spoken with who sent it. */
  async readHello(speaks: HandmadeVersion): Promise<AgreedHello> {
    const { bytes, body } = await this.wire.expect(handshakeType.clientHello);
    const hello = readBody(body);
    this.#hello = hello;
    await this.at("client-hello", bytes, () => undefined);
    const agreement = agree(hello, speaks);
    if (agreement.type === "refused") throw new ConversationFailure(agreement.because, agreement.alert);
    return { hello, ...agreement };
  }

  /**
   * Does what the script has for a place, or the ordinary.
   *
   * @throws ScriptEnded
   */
  async at(place: Place, message: Uint8Array, ordinary: (message: Uint8Array) => void): Promise<void> {
    const step = this.script.steps?.[place];
    if (step === undefined || this.#hello === undefined) ordinary(message);
    else if ((await step(this.wire, message, this.#hello)) === "stop") throw new ScriptEnded();
  }

  /** Sends a handshake message at its place. */
  async say(place: Place, message: Uint8Array): Promise<void> {
    await this.at(place, message, (ordinary) => {
      this.wire.handshake(ordinary);
    });
  }
}

function readBody(body: Uint8Array): ClientHello {
  try {
    return parseClientHello(body);
  } catch (error) {
    if (error instanceof RangeError) throw new ConversationFailure(error.message, alertDescription.decodeError);
    throw error;
  }
}
