import { encode } from "cborg";
import type { CoapCode, CoapOption } from "../message.ts";
import { coapOptions } from "../option-table.ts";
import { readOption, writeOption } from "../option-values.ts";
import { oscoreAlgorithm, type OscoreCryptography, oscoreTagBytes } from "./cryptography.ts";
import { classifyOptions, isOuterOption } from "./option-classes.ts";
import { type OscoreHeader, readOscoreOption, writeOscoreOption } from "./oscore-option.ts";
import { makeNonce, readPartialIv, writePartialIv } from "./partial-iv.ts";
import { readPlaintext, type OscorePlaintext, writePlaintext } from "./plaintext.ts";
import type { OscoreKeys } from "./security-context.ts";

/** A message's code, options and payload, protected or not. */
export type OscoreMessage = OscorePlaintext;

/** What binds responses to their request: who asked, and by which partial IV. Kept until the last one. */
export interface RequestBinding {
  readonly keyId: Uint8Array;
  readonly partialIv: Uint8Array;
}

/** A protected request, and what its responses are verified by. */
export interface ProtectedRequest {
  readonly message: OscoreMessage;
  readonly binding: RequestBinding;
}

/**
 * Protects a request. Proxy-Uri must have been split, and there must be no OSCORE option yet.
 *
 * @param sequenceNumber the sender's, never used before with these keys
 *
 * @throws RangeError for a number beyond the last, see `writePartialIv`.
 *
 * @see RFC 8613 section 8.1
 */
export function protectRequest(
  cryptography: OscoreCryptography,
  keys: OscoreKeys,
  sequenceNumber: number,
  request: OscoreMessage,
): ProtectedRequest {
  const { inner, outer } = classifyOptions(request.options);
  const { senderId: keyId, idContext } = keys;
  const partialIv = writePartialIv(sequenceNumber);
  const binding = { keyId, partialIv };
  const payload = cryptography.seal(
    keys.senderKey,
    makeNonce(keys, keyId, partialIv),
    additionalData(binding),
    writePlaintext({ ...request, options: inner }),
  );
  // FETCH is what may carry Observe through a proxy that knows nothing of this. RFC 8613 section 4.1.3.5.
  const code: CoapCode = readOption(request, "observe") === undefined ? "0.02" : "0.05";
  const header = writeOscoreOption({ partialIv, keyId, idContext });
  return { message: { code, options: withOscoreOption(outer, header), payload }, binding };
}

/** What a message turns out to be. */
export type Unprotected =
  | { readonly type: "message"; readonly message: OscoreMessage; readonly partialIv: Uint8Array | undefined }
  /** Changed on its way, or protected with other keys. */
  | { readonly type: "not-verified" }
  /** It verifies, but cannot be what was encrypted: a defect of the peer. */
  | { readonly type: "no-message" };

/**
 * Verifies a request. Whether it came before is the caller's to ask, of its replay window.
 *
 * @param header of its OSCORE option; with key ID and partial IV
 *
 * @see RFC 8613 section 8.2
 */
export function unprotectRequest(
  cryptography: OscoreCryptography,
  keys: OscoreKeys,
  binding: RequestBinding,
  request: OscoreMessage,
): Unprotected {
  const nonce = makeNonce(keys, binding.keyId, binding.partialIv);
  const opened = openMessage(cryptography, keys, nonce, binding, request.payload);
  if (opened.type !== "message") return opened;
  const { message } = opened;
  const encrypted = new Set(message.options.map(({ number }) => number));
  const outer = request.options.filter(({ number }) => isOuterOption(number) && !encrypted.has(number));
  const options = [...message.options, ...outer].sort((one, other) => one.number - other.number);
  return { type: "message", message: { ...message, options }, partialIv: binding.partialIv };
}

/**
 * Protects a response.
 *
 * @param sequenceNumber `undefined` goes by the request's nonce, which may be done once: for the only response to a request
 * that was not seen before. A notification always has a number of its own.
 *
 * @see RFC 8613 section 8.3
 */
export function protectResponse(
  cryptography: OscoreCryptography,
  keys: OscoreKeys,
  binding: RequestBinding,
  response: OscoreMessage,
  sequenceNumber: number | undefined,
): OscoreMessage {
  const partialIv = sequenceNumber === undefined ? undefined : writePartialIv(sequenceNumber);
  const nonce =
    partialIv === undefined
      ? makeNonce(keys, binding.keyId, binding.partialIv)
      : makeNonce(keys, keys.senderId, partialIv);
  const payload = cryptography.seal(keys.senderKey, nonce, additionalData(binding), writePlaintext(response));
  const header = writeOscoreOption({ partialIv, keyId: undefined, idContext: undefined });
  // 2.05 is what may carry Observe. RFC 8613 section 4.1.3.5.
  const code: CoapCode = readOption(response, "observe") === undefined ? "2.04" : "2.05";
  return { code, options: withOscoreOption([], header), payload };
}

/**
 * Verifies a response. All of its open options are thrown away.
 *
 * @param header of its OSCORE option
 *
 * @see RFC 8613 section 8.4
 */
export function unprotectResponse(
  cryptography: OscoreCryptography,
  keys: OscoreKeys,
  binding: RequestBinding,
  { partialIv }: OscoreHeader,
  payload: Uint8Array,
): Unprotected {
  const nonce =
    partialIv === undefined
      ? makeNonce(keys, binding.keyId, binding.partialIv)
      : makeNonce(keys, keys.recipientId, partialIv);
  const opened = openMessage(cryptography, keys, nonce, binding, payload);
  return opened.type === "message" ? { ...opened, partialIv } : opened;
}

/** What the OSCORE option of a message says; `absent` without one. Two of them are malformed. */
export type OscoreReading =
  | { readonly type: "absent" }
  | { readonly type: "malformed" }
  | { readonly type: "header"; readonly header: OscoreHeader };

/** Reads the OSCORE option of a message. RFC 8613 section 2. */
export function readOscoreHeader({ options, payload }: OscoreMessage): OscoreReading {
  const [option, ...more] = options.filter(({ number }) => number === coapOptions.oscore.number);
  if (option === undefined) return { type: "absent" };
  const header = more.length > 0 || payload.length === 0 ? undefined : readOscoreOption(option.value);
  return header === undefined ? { type: "malformed" } : { type: "header", header };
}

/** The order of a notification, as Observe tells it: the last three bytes of its partial IV. RFC 8613 section 4.1.3.5.2. */
export function observeOf(partialIv: Uint8Array): CoapOption {
  return writeOption("observe", readPartialIv(partialIv) % 2 ** 24);
}

function openMessage(
  cryptography: OscoreCryptography,
  keys: OscoreKeys,
  nonce: Uint8Array,
  binding: RequestBinding,
  ciphertext: Uint8Array,
): Unprotected {
  // One byte of code is the least that is encrypted.
  if (ciphertext.length <= oscoreTagBytes) return { type: "not-verified" };
  const plaintext = cryptography.open(keys.recipientKey, nonce, additionalData(binding), ciphertext);
  if (plaintext === undefined) return { type: "not-verified" };
  const message = readPlaintext(plaintext);
  const isNested = message?.options.some(({ number }) => number === coapOptions.oscore.number);
  if (message === undefined || isNested === true) return { type: "no-message" };
  return { type: "message", message, partialIv: undefined };
}

/** RFC 8613 section 5.4: the external data are an array as well, wrapped as COSE does (RFC 9052 section 5.3). */
function additionalData({ keyId, partialIv }: RequestBinding): Uint8Array {
  const external = encode([oscoreVersion, [oscoreAlgorithm], keyId, partialIv, none]);
  return encode(["Encrypt0", none, external]);
}

function withOscoreOption(options: readonly CoapOption[], value: Uint8Array): readonly CoapOption[] {
  return [...options, { number: coapOptions.oscore.number, value }].sort((one, other) => one.number - other.number);
}

const oscoreVersion = 1;
const none = new Uint8Array(0);
