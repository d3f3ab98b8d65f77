/** How a dialogue that asks a server for TLS ends. */
export type DialogueOutcome =
  /** The next byte of the client's begins TLS. `greeting` is what a protocol needs again afterwards. */
  | { readonly type: "secure"; readonly greeting?: Uint8Array | undefined }
  /** The server has no TLS, or does not want it now; in its own words. */
  | { readonly type: "refused"; readonly answer: string }
  /** These are not the answers of the protocol. */
  | { readonly type: "invalid"; readonly detail: string }
  /** The server, or somebody between, said more than it was asked. */
  | { readonly type: "injected" };

/** What a dialogue wants next: so many bytes of the server's, or to say something. */
export type DialogueRequest =
  | { readonly type: "take"; readonly count: number }
  | { readonly type: "send"; readonly bytes: Uint8Array };

/** A conversation as a generator: it yields what it wants, is given the bytes it took, and returns how it ended. */
export type Dialogue = Generator<DialogueRequest, DialogueOutcome, Uint8Array>;

/** A part of a dialogue, with a result. */
export type DialoguePart<T> = Generator<DialogueRequest, T, Uint8Array>;

/** What the driver has to do: send, in order, and then wait for bytes or stop. */
export interface DialogueProgress {
  readonly send: readonly Uint8Array[];
  /** `undefined`: more bytes are needed. */
  readonly outcome: DialogueOutcome | undefined;
}

/** Bytes of a whole dialogue; what servers say before TLS is far shorter. */
export const maxDialogueBytes = 65_536;

/** Thrown by a dialogue for answers that are not those of its protocol. */
export class InvalidAnswer extends Error {
  override readonly name = "InvalidAnswer";
}

/**
 * Runs a dialogue over bytes, in whatever pieces they come. Client and server take turns: whatever is there when it is the
 * client's turn was not asked for, and neither is what follows the server's go-ahead. Such bytes would count as if they
 * had come through TLS, so they end it.
 *
 * @see CVE-2011-0411; RFC 3207 section 6
 */
export class DialogueRunner {
  readonly #dialogue: Dialogue;
  #unread: Uint8Array = new Uint8Array();
  #taken = 0;
  #wanted = 0;
  #outcome: DialogueOutcome | undefined;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  /** What is said before the server speaks. */
  start(): DialogueProgress {
    return this.#advance(() => this.#dialogue.next());
  }

  /** Takes what the server says; afterwards it is no longer needed. */
  add(bytes: Uint8Array): DialogueProgress {
    if (this.#outcome !== undefined) {
      if (this.#outcome.type === "secure" && bytes.length > 0) this.#outcome = { type: "injected" };
      return { send: [], outcome: this.#outcome };
    }
    this.#taken += bytes.length;
    if (this.#taken > maxDialogueBytes) return this.#end([], { type: "invalid", detail: "the answers are too long" });
    this.#unread = joined(this.#unread, bytes);
    return this.#advance(undefined);
  }

  #advance(first: (() => IteratorResult<DialogueRequest, DialogueOutcome>) | undefined): DialogueProgress {
    const send: Uint8Array[] = [];
    let go = first ?? this.#served();
    try {
      while (go !== undefined) {
        const next = go();
        if (next.done === true) return this.#end(send, next.value);
        const request = next.value;
        if (request.type === "send") {
          if (this.#unread.length > 0) return this.#end(send, { type: "injected" });
          send.push(request.bytes);
          go = () => this.#dialogue.next(new Uint8Array());
        } else {
          this.#wanted = request.count;
          go = this.#served();
        }
      }
    } catch (error) {
      if (!(error instanceof InvalidAnswer)) throw error;
      return this.#end(send, { type: "invalid", detail: error.message });
    }
    return { send, outcome: undefined };
  }

  /** Goes on with the bytes that the dialogue waits for, when they are there. */
  #served(): (() => IteratorResult<DialogueRequest, DialogueOutcome>) | undefined {
    if (this.#unread.length < this.#wanted) return undefined;
    const taken = this.#unread.subarray(0, this.#wanted);
    this.#unread = this.#unread.subarray(this.#wanted);
    return () => this.#dialogue.next(taken);
  }

  #end(send: readonly Uint8Array[], outcome: DialogueOutcome): DialogueProgress {
    this.#outcome = outcome.type === "secure" && this.#unread.length > 0 ? { type: "injected" } : outcome;
    return { send, outcome: this.#outcome };
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
