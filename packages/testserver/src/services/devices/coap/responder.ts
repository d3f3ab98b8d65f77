import {
  type CoapCode,
  type CoapHeader,
  type CoapMessage,
  coapCodes,
  coapOptions,
  findBadOption,
  kindOfCoapCode,
  nameCoapCode,
  readBlock,
  readCoapMessage,
  readOption,
  readOptions,
  writeCoapMessage,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import { Timers } from "../timers.ts";
import { BlockTransfers, cutBlock } from "./block-transfers.ts";
import { type CoapPeer, Confirmations } from "./confirmations.ts";
import type { CoapManner } from "./manner.ts";
import { Observers } from "./observers.ts";
import type { CoapAnswer, CoapRequest, CoapResource } from "./resource.ts";

/** What a responder is made of. */
export interface CoapResponderOptions {
  readonly resources: readonly CoapResource[];
  readonly manner: CoapManner;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Is told of each message in one printable line. */
  readonly tell: (by: "client" | "server", line: string) => void;
}

/** An answer that is kept for a request that comes again. */
interface Known {
  readonly at: number;
  times: number;
  replies: readonly Uint8Array[];
}

/** How long a message ID means the same message, and how many are remembered. RFC 7252 section 4.8.2. */
const exchangeLifetimeMilliseconds = 247_000;
const knownLimit = 512;
const timerLimit = 256;
const separateAfterMilliseconds = 300;

/** Options that a request may have here and be answered. */
const recognized: ReadonlySet<number> = new Set(
  (["ifMatch", "uriHost", "ifNoneMatch", "uriPort", "uriPath", "uriQuery", "accept", "block1", "block2"] as const).map(
    (key) => coapOptions[key].number,
  ),
);
const proxying: readonly number[] = [coapOptions.proxyUri.number, coapOptions.proxyScheme.number];

/** Answers CoAP messages of any number of peers. It does not send but as an answer, or to observers. */
export class CoapResponder {
  readonly #options: CoapResponderOptions;
  readonly #timers = new Timers(timerLimit);
  readonly #confirmations = new Confirmations(this.#timers);
  readonly #observers = new Observers(this.#confirmations);
  readonly #transfers = new BlockTransfers();
  readonly #known = new Map<string, Known>();

  constructor(options: CoapResponderOptions) {
    this.#options = options;
  }

  receive(datagram: Uint8Array, from: CoapPeer): void {
    const reading = readCoapMessage(datagram);
    if (reading.type === "other-version") return;
    if (reading.type === "malformed") {
      const { flaw, header } = reading;
      this.#options.tell("client", `malformed: ${flaw}`);
      if (header?.type === "confirmable") this.#reset(header, from);
      return;
    }
    const { message } = reading;
    this.#options.tell("client", lineOf(message));
    const { type, messageId } = message;
    if (type === "acknowledgement") {
      this.#confirmations.settle(from, messageId, "acknowledged");
      this.#observers.acknowledge(from, messageId);
    } else if (type === "reset") {
      this.#confirmations.settle(from, messageId, "reset");
      this.#observers.reset(from, messageId);
    } else if (kindOfCoapCode(message.code) === "request") this.#answer(message, from);
    // A ping, or a response that nobody asked for.
    else if (type === "confirmable") this.#reset(message, from);
  }

  /** Tells all observers now. */
  notify(): void {
    this.#observers.notify();
  }

  /** A peer is gone. */
  forget(peerName: string): void {
    this.#observers.forget(peerName);
  }

  close(): void {
    this.#timers.close();
    this.#observers.close();
  }

  #reset({ messageId }: CoapHeader, to: CoapPeer): void {
    this.#send(to, [empty("reset", messageId)]);
  }

  #answer(request: CoapMessage, from: CoapPeer): void {
    const known = this.#know(`${from.name} ${request.messageId}`);
    known.times += 1;
    const { manner } = this.#options;
    if (manner.hears !== undefined && !manner.hears(known.times)) return;
    if (known.replies.length > 0) {
      // It comes again, since the answer was lost: the same again (RFC 7252 section 4.2). Others are dropped (4.3).
      if (request.type === "confirmable") for (const reply of known.replies) from.send(reply);
      return;
    }
    const resource = this.#find(request);
    const wait = manner.separateAfterMilliseconds ?? (resource?.separate ? separateAfterMilliseconds : undefined);
    const { messageId, token } = request;
    const answer = this.#describe(request, resource, from);
    if (request.type === "non-confirmable") {
      // Whoever wants no confirmation is reset for a bad option: RFC 7252 section 5.4.1.
      const reply: CoapMessage =
        answer.code === coapCodes["Bad Option"]
          ? empty("reset", messageId)
          : { type: "non-confirmable", messageId: this.#confirmations.nextMessageId(), token, ...answer };
      known.replies = this.#send(from, this.#alter(reply));
    } else if (wait === undefined) {
      known.replies = this.#send(from, this.#alter({ type: "acknowledgement", messageId, token, ...answer }));
    } else {
      known.replies = this.#send(from, [empty("acknowledgement", messageId)]);
      const mine = token.slice();
      this.#timers.after(wait, () => {
        const own = this.#confirmations.nextMessageId();
        const reply: CoapMessage = { type: "confirmable", messageId: own, token: mine, ...answer };
        this.#options.tell("server", lineOf(reply));
        this.#confirmations.send(from, own, writeCoapMessage(reply));
      });
    }
  }

  #alter(reply: CoapMessage): readonly (CoapMessage | Uint8Array)[] {
    return this.#options.manner.send?.(reply, () => this.#confirmations.nextMessageId()) ?? [reply];
  }

  #send(to: CoapPeer, messages: readonly (CoapMessage | Uint8Array)[]): readonly Uint8Array[] {
    return messages.map((message) => {
      const bytes = message instanceof Uint8Array ? message : writeCoapMessage(message);
      this.#options.tell("server", message instanceof Uint8Array ? "what is no message" : lineOf(message));
      to.send(bytes);
      return bytes;
    });
  }

  #know(key: string): Known {
    const now = this.#options.now();
    const found = this.#known.get(key);
    if (found !== undefined && Math.abs(now - found.at) < exchangeLifetimeMilliseconds) return found;
    this.#known.delete(key);
    const [oldest] = this.#known.keys();
    if (this.#known.size >= knownLimit && oldest !== undefined) this.#known.delete(oldest);
    const known = { at: now, times: 0, replies: [] };
    this.#known.set(key, known);
    return known;
  }

  #find(request: CoapMessage): CoapResource | undefined {
    const path = readOptions(request, "uriPath").join("/");
    return this.#options.resources.find((resource) =>
      resource.path.endsWith("*") ? path.startsWith(resource.path.slice(0, -1)) : resource.path === path,
    );
  }

  #describe(
    request: CoapMessage,
    resource: CoapResource | undefined,
    from: CoapPeer,
  ): Pick<CoapMessage, "code" | "options" | "payload"> {
    const { code, options = [], payload = new Uint8Array(0) } = this.#decide(request, resource, from);
    return { code, options, payload };
  }

  #decide(message: CoapMessage, resource: CoapResource | undefined, from: CoapPeer): CoapAnswer {
    if (message.options.some(({ number }) => proxying.includes(number))) {
      return { code: coapCodes["Proxying Not Supported"] };
    }
    if (findBadOption(message, recognized) !== undefined) return { code: coapCodes["Bad Option"] };
    const { manner } = this.#options;
    if (manner.answerBlock !== undefined) {
      const uint = readOption(message, "block2");
      const asked = uint === undefined ? { number: 0, more: false, sizeBytes: 64 } : readBlock(uint);
      return asked === undefined ? { code: coapCodes["Bad Request"] } : manner.answerBlock(asked);
    }
    if (resource === undefined) return { code: coapCodes["Not Found"] };
    const { code: method } = message;
    const handle = resource.methods[method];
    if (handle === undefined) return { code: coapCodes["Method Not Allowed"] };
    const path = readOptions(message, "uriPath");
    const part = this.#transfers.receive(`${from.name} ${method} ${path.join("/")}`, message);
    if (part.type === "answer") return part.answer;
    const query = readOptions(message, "uriQuery");
    const request: CoapRequest = { message, method, path, query, payload: part.payload };
    const answer = cutBlock(message, handle(request));
    const whole = { ...answer, options: [...(answer.options ?? []), ...part.options] };
    return resource.observable ? this.#observe(whole, handle, request, from) : whole;
  }

  #observe(
    answer: CoapAnswer,
    handle: (request: CoapRequest) => CoapAnswer,
    request: CoapRequest,
    from: CoapPeer,
  ): CoapAnswer {
    const { message } = request;
    const wish = message.code === coapCodes.GET ? readOption(message, "observe") : undefined;
    if (wish === 1) this.#observers.remove(from, message.token);
    if (wish !== 0) return answer;
    // The datagram that these are views of is gone when the next notification is made.
    const kept = {
      ...message,
      options: message.options.map(({ number, value }) => ({ number, value: value.slice() })),
    };
    const sequence = this.#observers.add(from, message.token, (number) => {
      const next = cutBlock(kept, handle({ ...request, message: kept }));
      this.#options.tell("server", `notification ${number}, ${next.code}`);
      const options = [...(next.options ?? []), writeOption("observe", number)];
      return { code: next.code, options, payload: next.payload ?? new Uint8Array(0) };
    });
    return { ...answer, options: [...(answer.options ?? []), writeOption("observe", sequence)] };
  }
}

function empty(type: "acknowledgement" | "reset", messageId: number): CoapMessage {
  const none = new Uint8Array(0);
  return { type, code: coapCodes.Empty, messageId, token: none, options: [], payload: none };
}

/** One line for people: `confirmable 0.01 GET /test 32052`. */
function lineOf(message: CoapMessage): string {
  const { type, code, messageId } = message;
  const path = kindOfCoapCode(code) === "request" ? ` /${readOptions(message, "uriPath").join("/")}` : "";
  return `${type} ${code} ${nameOf(code)}${path.replace(/[^\x21-\x7e]/g, "?").slice(0, 200)} ${messageId}`;
}

function nameOf(code: CoapCode): string {
  return nameCoapCode(code) ?? kindOfCoapCode(code);
}
