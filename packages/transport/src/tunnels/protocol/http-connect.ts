import { Pending, type Dialogue, type DialogueStep } from "./dialogue.ts";

/** What a proxy answered to CONNECT, other than that it does not. */
export type ConnectAnswer =
  | { readonly type: "open" }
  /** It wants to know who asks (407). `reusable`: the next attempt may go over the same stream. */
  | { readonly type: "challenged"; readonly challenges: readonly string[]; readonly reusable: boolean };

/** What is asked of the proxy. */
export interface ConnectRequest {
  /** Host name or IP literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Further fields for the proxy alone, `Proxy-Authorization` above all. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/**
 * Asks an HTTP proxy for a tunnel. Bytes behind the head of a success belong to the tunnel.
 *
 * @throws RangeError for a host or field that cannot stand in a request.
 * @see RFC 9110 section 9.3.6; RFC 9112 section 3.2.3
 */
export function httpConnectDialogue({ host, port, fields }: ConnectRequest): Dialogue<ConnectAnswer> {
  const authority = `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
  if (!/^[\x21-\x7e]+$/.test(authority)) throw new RangeError("the host cannot stand in a request");
  for (const [name, value] of fields) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be sent.
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new RangeError(`the field ${JSON.stringify(name)} cannot stand in a request`);
    }
  }
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, ...fields.map((field) => field.join(": "))];
  const pending = new Pending(maxHeadBytes);
  let unread: { remaining: number; readonly answer: ConnectAnswer } | undefined;

  function receive(bytes: Uint8Array): DialogueStep<ConnectAnswer> {
    pending.add(bytes);
    if (unread === undefined) {
      const end = endOfHead(pending.bytes);
      if (end === undefined) return pending.isFull ? invalid("its head exceeds 16 KiB") : { type: "need-data" };
      const head = readHead(latin1(pending.take(end) ?? pending.bytes));
      if (head === undefined) return invalid("it does not speak HTTP");
      // An interim response is followed by another head. RFC 9110 section 15.2.
      if (head.status < 200) return receive(new Uint8Array(0));
      if (head.status < 300) return { type: "done", answer: { type: "open" }, rest: pending.bytes };
      if (head.status !== 407) return { type: "failed", code: "PROXY_REFUSED", detail: head.line };
      const length = contentLength(head);
      const reusable = length !== undefined && length <= maxDrainedBytes && !head.closes;
      const answer = { type: "challenged", challenges: valuesOf(head, "proxy-authenticate"), reusable } as const;
      if (!reusable) return { type: "done", answer, rest: new Uint8Array(0) };
      unread = { remaining: length, answer };
    }
    const skipped = Math.min(unread.remaining, pending.bytes.length);
    pending.take(skipped);
    unread.remaining -= skipped;
    if (unread.remaining > 0) return { type: "need-data" };
    return { type: "done", answer: unread.answer, rest: pending.bytes };
  }

  return { opening: new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`), receive };
}

interface Head {
  readonly status: number;
  readonly line: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly closes: boolean;
}

const maxHeadBytes = 16_384;
/** What of a refusal's body is read so that the stream can be used again. */
const maxDrainedBytes = 65_536;

/** Where the empty line ends; a bare LF ends no line. RFC 9112 section 2.2 lets a recipient choose. */
function endOfHead(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(13); at !== -1; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return undefined;
}

function readHead(text: string): Head | undefined {
  const [line = "", ...rest] = text.slice(0, -4).split("\r\n");
  const [, minor, status] = /^HTTP\/1\.(\d) (\d{3})(?: |$)/.exec(line) ?? [];
  if (status === undefined) return undefined;
  const fields = rest.map((each) => {
    const [, name, value] = /^([!#$%&'*+\-.^_`|~\w]+):[\t ]*(.*?)[\t ]*$/.exec(each) ?? [];
    return name === undefined || value === undefined ? undefined : ([name.toLowerCase(), value] as const);
  });
  // Folded or broken: who knows what else is meant otherwise than it is read.
  if (!fields.every((field) => field !== undefined)) return undefined;
  const head = { status: Number(status), line: line.slice(9, 109), fields };
  const connection = [...valuesOf(head, "connection"), ...valuesOf(head, "proxy-connection")].join(",").toLowerCase();
  return { ...head, closes: minor === "0" || /(?:^|[\s,])close(?:[\s,]|$)/.test(connection) };
}

function valuesOf({ fields }: Pick<Head, "fields">, wanted: string): readonly string[] {
  return fields.filter(([name]) => name === wanted).map(([, value]) => value);
}

function contentLength(head: Head): number | undefined {
  const [length, another] = valuesOf(head, "content-length");
  const isKnown = length !== undefined && another === undefined && /^\d{1,9}$/.test(length);
  return isKnown && valuesOf(head, "transfer-encoding").length === 0 ? Number(length) : undefined;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function invalid(detail: string): DialogueStep<never> {
  return { type: "failed", code: "PROXY_ANSWER_INVALID", detail };
}
