import { Buffer } from "node:buffer";
import type { BrokerCredentials } from "../messaging/broker-options.ts";

/** A mechanism as the library takes it. */
interface SaslMechanism {
  start(done: (error: Error | undefined, response: Buffer) => void): void;
}

/**
 * The mechanisms by which a peer is told who connects; none for nobody. The library's own PLAIN counts characters for bytes.
 *
 * @param first those of the first connection, which decide about the mechanism.
 * @param now those of the connection that is being opened.
 * @see RFC 4616; RFC 4422 appendix A
 */
export function saslMechanisms(
  first: BrokerCredentials | undefined,
  now: () => BrokerCredentials | undefined,
): { readonly sasl_mechanisms?: Readonly<Record<string, () => SaslMechanism>> } {
  if (first === undefined) return {};
  const mechanism = (response: () => Buffer) => (): SaslMechanism => ({
    start: (done) => {
      done(undefined, response());
    },
  });
  switch (first.type) {
    case "password":
      return { sasl_mechanisms: { PLAIN: mechanism(() => plainResponse(now() ?? first)) } };
    case "certificate":
      return { sasl_mechanisms: { EXTERNAL: mechanism(() => Buffer.alloc(0)) } };
  }
}

function plainResponse(credentials: BrokerCredentials): Buffer {
  return credentials.type === "password"
    ? Buffer.from(`\0${credentials.username}\0${credentials.password}`)
    : Buffer.alloc(0);
}
