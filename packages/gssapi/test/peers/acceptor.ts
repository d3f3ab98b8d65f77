import koffi from "koffi";
import { GssApi } from "../../src/gss-api.ts";
import { hasFailed } from "../../src/gss-error.ts";
import { native, words } from "../../src/native-bytes.ts";

/** What the server's side of GSS-API made of a token. */
export interface Acceptance {
  readonly token: Buffer;
  readonly failed: boolean;
  /** Whether both sides gave the same channel binding. */
  readonly isBound: boolean;
  /** Whether the user's own ticket came along. */
  readonly hasDelegated: boolean;
}

const library = "libgssapi_krb5.so.2";
/** GSS_C_CHANNEL_BOUND_FLAG of RFC 9266's companion in MIT's library, and GSS_C_DELEG_FLAG. */
const flags = { channelBound: 2048, delegated: 1 };

/**
 * The server's side of one conversation, by the system's GSS-API, with the keys of `KRB5_KTNAME`.
 *
 * @param endPoint its own `tls-server-end-point` bytes.
 */
export function acceptor(endPoint?: Uint8Array): { accept(token: Uint8Array): Acceptance } & Disposable {
  const accept = koffi
    .load(library)
    .func(
      `uint32_t gss_accept_sec_context(${Array.from({ length: 11 }, (_, index) => `uintptr_t a${String(index)}`).join(", ")})`,
    );
  const gss = new GssApi(library);
  const context = gss.context();
  const data = Buffer.concat([Buffer.from("tls-server-end-point:"), endPoint ?? Buffer.alloc(0)]);
  const bindings = words(0, 0, 0, 0, 0, 0, data.length, native(data));
  return {
    accept(token) {
      const [minor, output, gained] = [words(0), words(0, 0), words(0)];
      const input = words(token.length, native(token));
      const major = accept(
        ...[minor.address, context.cell.address, 0, input.address, endPoint ? bindings.address : 0, 0, 0],
        ...[output.address, gained.address, 0, 0],
      ) as number;
      return {
        token: gss.takeBuffer(output),
        failed: hasFailed(major),
        isBound: (gained.uint32 & flags.channelBound) !== 0,
        hasDelegated: (gained.uint32 & flags.delegated) !== 0,
      };
    },
    [Symbol.dispose]: () => {
      context[Symbol.dispose]();
    },
  };
}
