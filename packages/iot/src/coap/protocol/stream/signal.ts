import { type CoapCode, type CoapOption, maxExtendedTokenBytes } from "../message.ts";
import { isCriticalOption } from "../option-table.ts";
import { readUint, writeUint } from "../option-values.ts";
import type { CoapStreamMessage } from "./stream-message.ts";

/** Codes of messages about the connection, by their names. RFC 8323 section 5.1. */
export const coapSignalCodes = {
  CSM: "7.01",
  Ping: "7.02",
  Pong: "7.03",
  Release: "7.04",
  Abort: "7.05",
} as const satisfies Readonly<Record<string, CoapCode>>;

/** Options of those messages, whose numbers mean something else with each code. RFC 8323 section 5.2, RFC 8974. */
export const coapSignalOptions = {
  maxMessageSize: define("7.01", 2, 0, 4),
  blockWiseTransfer: define("7.01", 4, 0, 0),
  extendedTokenLength: define("7.01", 6, 0, 3),
  /** Of Ping and Pong alike. */
  custody: define("7.02", 2, 0, 0),
  alternativeAddress: define("7.04", 2, 1, 255),
  holdOff: define("7.04", 4, 0, 3),
  badCsmOption: define("7.05", 2, 0, 2),
} as const;

/** What an end says of itself; members are `undefined` where it says nothing of them. RFC 8323 section 5.3. */
export interface CoapCapabilities {
  readonly maxMessageBytes?: number | undefined;
  readonly blockWiseTransfer?: boolean | undefined;
  /** 8 to 65804. RFC 8974 section 2.2.1. */
  readonly maxTokenBytes?: number | undefined;
}

/** An orderly end. RFC 8323 section 5.5. */
export interface CoapRelease {
  /**
   * Where the peer would rather be connected to, by the same scheme: `host`, `host:port`. As it came, from whoever is at the
   * other end: a connection to it has none of the security of this one (RFC 8323 section 11.1).
   */
  readonly alternativeAddresses: readonly string[];
  /** How long the peer wants no new connection. */
  readonly holdOffSeconds: number | undefined;
  /** For a log; empty without any. */
  readonly diagnostic: string;
}

/** An end for a reason. RFC 8323 section 5.6. */
export interface CoapAbort {
  /** Number of the capability that the sender cannot go on with. */
  readonly badCsmOption?: number | undefined;
  /** For a log; empty without any. */
  readonly diagnostic: string;
}

/** What a message about the connection says. */
export type CoapSignal =
  | { readonly type: "capabilities"; readonly capabilities: CoapCapabilities }
  | { readonly type: "ping"; readonly token: Uint8Array; readonly custody: boolean }
  | { readonly type: "pong"; readonly token: Uint8Array; readonly custody: boolean }
  | { readonly type: "release"; readonly release: CoapRelease }
  | { readonly type: "abort"; readonly abort: CoapAbort }
  /** A code that is not known, which asks for nothing that has to be understood. */
  | { readonly type: "unknown" }
  /** An option that has to be understood and is not, or a capability that cannot be. RFC 8323 sections 5.2 and 5.6. */
  | { readonly type: "bad-option"; readonly number: number };

/**
 * Reads a message of class 7. An option that is there again counts as not recognized, as does one of a wrong length outside
 * a CSM, where it cannot be passed over (RFC 8323 section 3.3).
 *
 * @see RFC 8323 section 5
 */
export function readSignal({ code, token, options, payload }: CoapStreamMessage): CoapSignal {
  const known = definitionsOf(code);
  const bad = options.find(({ number, value }) => {
    const definition = known.find((one) => one.number === number);
    if (definition === undefined) return isCriticalOption(number);
    return code === coapSignalCodes.CSM && !hasFormOf(definition, value);
  });
  if (bad !== undefined) return { type: "bad-option", number: bad.number };
  const find = (definition: SignalOptionDefinition): Uint8Array | undefined =>
    options.find(({ number, value }) => number === definition.number && hasFormOf(definition, value))?.value;
  const uint = (definition: SignalOptionDefinition): number | undefined => {
    const value = find(definition);
    return value === undefined ? undefined : readUint(value);
  };
  switch (code) {
    case coapSignalCodes.CSM: {
      const maxTokenBytes = uint(coapSignalOptions.extendedTokenLength);
      return {
        type: "capabilities",
        capabilities: {
          maxMessageBytes: uint(coapSignalOptions.maxMessageSize),
          blockWiseTransfer: find(coapSignalOptions.blockWiseTransfer) === undefined ? undefined : true,
          maxTokenBytes:
            maxTokenBytes === undefined ? undefined : Math.min(Math.max(maxTokenBytes, 8), maxExtendedTokenBytes),
        },
      };
    }
    case coapSignalCodes.Ping:
      return { type: "ping", token, custody: find(coapSignalOptions.custody) !== undefined };
    case coapSignalCodes.Pong:
      return { type: "pong", token, custody: find(coapSignalOptions.custody) !== undefined };
    case coapSignalCodes.Release: {
      const { alternativeAddress, holdOff } = coapSignalOptions;
      const alternativeAddresses = options
        .filter(({ number, value }) => number === alternativeAddress.number && hasFormOf(alternativeAddress, value))
        .map(({ value }) => utf8.decode(value));
      return {
        type: "release",
        release: { alternativeAddresses, holdOffSeconds: uint(holdOff), diagnostic: utf8.decode(payload) },
      };
    }
    case coapSignalCodes.Abort:
      return {
        type: "abort",
        abort: { badCsmOption: uint(coapSignalOptions.badCsmOption), diagnostic: utf8.decode(payload) },
      };
    // The codes are more than those that are known: RFC 8323 section 12.1.
    default:
      return { type: "unknown" };
  }
}

/** Makes a CSM. RFC 8323 section 5.3. */
export function capabilitiesMessage({
  maxMessageBytes,
  blockWiseTransfer,
  maxTokenBytes,
}: CoapCapabilities): CoapStreamMessage {
  const options: CoapOption[] = [];
  if (maxMessageBytes !== undefined) options.push(uintOption(coapSignalOptions.maxMessageSize, maxMessageBytes));
  if (blockWiseTransfer === true) options.push({ number: coapSignalOptions.blockWiseTransfer.number, value: none });
  if (maxTokenBytes !== undefined) options.push(uintOption(coapSignalOptions.extendedTokenLength, maxTokenBytes));
  return { code: coapSignalCodes.CSM, token: none, options, payload: none };
}

/**
 * Makes a Ping, or the Pong to one, which has its token. RFC 8323 section 5.4.
 *
 * @param custody in a Ping: the answer should wait until all before it was processed; in a Pong: that it was.
 */
export function healthMessage(type: "Ping" | "Pong", token: Uint8Array, custody: boolean): CoapStreamMessage {
  const options = custody ? [{ number: coapSignalOptions.custody.number, value: none }] : [];
  return { code: coapSignalCodes[type], token, options, payload: none };
}

/** Makes a Release. RFC 8323 section 5.5. */
export function releaseMessage({
  alternativeAddresses = [],
  holdOffSeconds,
  diagnostic = "",
}: Partial<CoapRelease> = {}): CoapStreamMessage {
  const options: CoapOption[] = alternativeAddresses.map((address) => ({
    number: coapSignalOptions.alternativeAddress.number,
    value: encoder.encode(address),
  }));
  if (holdOffSeconds !== undefined) options.push(uintOption(coapSignalOptions.holdOff, holdOffSeconds));
  return { code: coapSignalCodes.Release, token: none, options, payload: encoder.encode(diagnostic) };
}

/** Makes an Abort. RFC 8323 section 5.6. */
export function abortMessage({ badCsmOption, diagnostic }: CoapAbort): CoapStreamMessage {
  const options = badCsmOption === undefined ? [] : [uintOption(coapSignalOptions.badCsmOption, badCsmOption)];
  return { code: coapSignalCodes.Abort, token: none, options, payload: encoder.encode(diagnostic) };
}

interface SignalOptionDefinition {
  readonly code: CoapCode;
  readonly number: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

function define(code: CoapCode, number: number, minBytes: number, maxBytes: number): SignalOptionDefinition {
  return { code, number, minBytes, maxBytes };
}

function definitionsOf(code: CoapCode): readonly SignalOptionDefinition[] {
  const shared = code === coapSignalCodes.Pong ? coapSignalCodes.Ping : code;
  return Object.values(coapSignalOptions).filter((definition) => definition.code === shared);
}

function hasFormOf({ minBytes, maxBytes }: SignalOptionDefinition, { length }: Uint8Array): boolean {
  return length >= minBytes && length <= maxBytes;
}

function uintOption({ number }: SignalOptionDefinition, value: number): CoapOption {
  return { number, value: writeUint(value) };
}

const none = new Uint8Array(0);
const encoder = new TextEncoder();
/** What is no UTF-8 is shown as far as it can be: it is for people. */
const utf8 = new TextDecoder();
