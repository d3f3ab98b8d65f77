import type { EngineServerOptions } from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { EarlyReceiver } from "./early-data.ts";
import type { EngineParts } from "./engine-parts.ts";
import type { OpenSsl } from "./library.ts";
import { KnownPsks } from "./psk.ts";

/** Tells OpenSSL what a server takes, beside what is the same for all connections of its context. */
export function prepareServer(
  openssl: OpenSsl,
  ssl: number,
  callbacks: CallbackPointers,
  { identity, psk, maxEarlyBytes }: EngineServerOptions,
): Pick<EngineParts, "staple" | "psk" | "early"> {
  openssl.SSL_set_accept_state(ssl);
  return {
    staple: identity?.ocspResponse,
    psk: psk && new KnownPsks(openssl, ssl, callbacks, psk),
    early: maxEarlyBytes > 0 ? new EarlyReceiver(openssl, ssl, maxEarlyBytes) : undefined,
  };
}
