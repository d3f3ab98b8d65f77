import type { DeflateParameters } from "./deflate-parameters.ts";
import type { Extension, ExtensionParameter } from "./extensions.ts";

/** Name of the extension. */
export const PERMESSAGE_DEFLATE = "permessage-deflate";

const LARGEST_WINDOW_BITS = 15;

/** What a side wants of the compression. What is left out is left to the other side. */
export interface DeflateWishes {
  /** The server is to compress each message by itself, which saves the client the memory for its window. */
  readonly serverNoContextTakeover?: boolean | undefined;
  readonly clientNoContextTakeover?: boolean | undefined;
  /** 8 to 15: how far the server may look back. */
  readonly serverMaxWindowBits?: number | undefined;
  /** 8 to 15: how far the client looks back. */
  readonly clientMaxWindowBits?: number | undefined;
}

/** The client's offer. It says that it understands `client_max_window_bits` whatever it wishes. */
export function offerDeflate(wishes: DeflateWishes): Extension {
  return {
    name: PERMESSAGE_DEFLATE,
    parameters: [
      ...flag("server_no_context_takeover", wishes.serverNoContextTakeover),
      ...flag("client_no_context_takeover", wishes.clientNoContextTakeover),
      ...bits("server_max_window_bits", wishes.serverMaxWindowBits),
      { name: "client_max_window_bits", value: wishes.clientMaxWindowBits?.toString() },
    ],
  };
}

/** What the server says to an offer, and what it comes to. */
export interface DeflateAnswer {
  readonly extension: Extension;
  readonly agreed: DeflateParameters;
}

/**
 * The server's choice: the first offer that it can accept.
 *
 * @returns `undefined` when it accepts none, which leaves the WebSocket without compression.
 * @see RFC 7692 section 7.1
 */
export function answerDeflate(offers: readonly Extension[], wishes: DeflateWishes): DeflateAnswer | undefined {
  for (const offer of offers) {
    if (offer.name !== PERMESSAGE_DEFLATE) continue;
    const offered = readParameters(offer.parameters);
    if (offered === undefined || offered.serverMaxWindowBits === "any") continue;
    return accept({ ...offered, serverMaxWindowBits: offered.serverMaxWindowBits }, wishes);
  }
  return undefined;
}

interface AcceptableOffer extends ReadParameters {
  readonly serverMaxWindowBits: number | undefined;
}

function accept(offered: AcceptableOffer, wishes: DeflateWishes): DeflateAnswer {
  const serverNoContextTakeover = offered.serverNoContextTakeover || wishes.serverNoContextTakeover === true;
  const clientNoContextTakeover = offered.clientNoContextTakeover || wishes.clientNoContextTakeover === true;
  const serverMaxWindowBits = smaller(offered.serverMaxWindowBits, wishes.serverMaxWindowBits);
  // Only a client that says that it understands the parameter can be told one: section 7.1.2.2.
  const offeredClientBits = offered.clientMaxWindowBits === "any" ? LARGEST_WINDOW_BITS : offered.clientMaxWindowBits;
  const clientMaxWindowBits =
    offeredClientBits === undefined ? undefined : smaller(offeredClientBits, wishes.clientMaxWindowBits);
  const told = clientMaxWindowBits === LARGEST_WINDOW_BITS ? undefined : clientMaxWindowBits;
  return {
    extension: {
      name: PERMESSAGE_DEFLATE,
      parameters: [
        ...flag("server_no_context_takeover", serverNoContextTakeover),
        ...flag("client_no_context_takeover", clientNoContextTakeover),
        ...bits("server_max_window_bits", serverMaxWindowBits),
        ...bits("client_max_window_bits", told),
      ],
    },
    agreed: {
      serverNoContextTakeover,
      clientNoContextTakeover,
      serverMaxWindowBits: serverMaxWindowBits ?? LARGEST_WINDOW_BITS,
      clientMaxWindowBits: clientMaxWindowBits ?? LARGEST_WINDOW_BITS,
    },
  };
}

/**
 * The client's check of the server's answer against what it offered.
 *
 * @returns what is wrong, as one clause, in place of what is agreed.
 * @see RFC 7692 sections 7.1.1 and 7.1.2
 */
export function checkDeflate(answer: Extension, wishes: DeflateWishes): DeflateParameters | string {
  const read = readParameters(answer.parameters);
  if (read === undefined) return "a parameter of the compression is unknown, doubled or out of range";
  const { serverMaxWindowBits, clientMaxWindowBits } = read;
  if (serverMaxWindowBits === "any" || clientMaxWindowBits === "any") return "a window without its size";
  if (wishes.serverNoContextTakeover === true && !read.serverNoContextTakeover) {
    return "server_no_context_takeover was asked for and is not granted";
  }
  if ((serverMaxWindowBits ?? LARGEST_WINDOW_BITS) > (wishes.serverMaxWindowBits ?? LARGEST_WINDOW_BITS)) {
    return "server_max_window_bits is larger than asked for";
  }
  if ((clientMaxWindowBits ?? 0) > (wishes.clientMaxWindowBits ?? LARGEST_WINDOW_BITS)) {
    return "client_max_window_bits is larger than offered";
  }
  return {
    serverNoContextTakeover: read.serverNoContextTakeover,
    clientNoContextTakeover: read.clientNoContextTakeover || wishes.clientNoContextTakeover === true,
    serverMaxWindowBits: serverMaxWindowBits ?? LARGEST_WINDOW_BITS,
    clientMaxWindowBits: smaller(clientMaxWindowBits, wishes.clientMaxWindowBits) ?? LARGEST_WINDOW_BITS,
  };
}

interface ReadParameters {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  /** "any" for a parameter without a value, which only a client's offer of `client_max_window_bits` may be. */
  readonly serverMaxWindowBits: number | "any" | undefined;
  readonly clientMaxWindowBits: number | "any" | undefined;
}

/** Returns `undefined` for a parameter that is unknown, that comes twice, or whose value it cannot have. */
function readParameters(parameters: readonly ExtensionParameter[]): ReadParameters | undefined {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  if (values.size !== parameters.length) return undefined;
  for (const [name, value] of values) {
    if (
      FLAGS.has(name)
        ? value !== undefined
        : !WINDOWS.has(name) || !(value === undefined || /^(?:[89]|1[0-5])$/.test(value))
    ) {
      return undefined;
    }
  }
  const windowBits = (name: string): number | "any" | undefined => {
    const value = values.get(name);
    return value === undefined ? (values.has(name) ? "any" : undefined) : Number(value);
  };
  return {
    serverNoContextTakeover: values.has("server_no_context_takeover"),
    clientNoContextTakeover: values.has("client_no_context_takeover"),
    serverMaxWindowBits: windowBits("server_max_window_bits"),
    clientMaxWindowBits: windowBits("client_max_window_bits"),
  };
}

const FLAGS: ReadonlySet<string> = new Set(["server_no_context_takeover", "client_no_context_takeover"]);
const WINDOWS: ReadonlySet<string> = new Set(["server_max_window_bits", "client_max_window_bits"]);

function smaller(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : Math.min(one, other);
}

function flag(name: string, isSet: boolean | undefined): readonly ExtensionParameter[] {
  return isSet === true ? [{ name, value: undefined }] : [];
}

function bits(name: string, value: number | undefined): readonly ExtensionParameter[] {
  return value === undefined ? [] : [{ name, value: String(value) }];
}
