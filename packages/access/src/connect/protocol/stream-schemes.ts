/** How the server of a scheme is reached. */
export interface StreamScheme {
  /** Whether TLS is spoken from the first byte. */
  readonly secure: boolean;
  /** Where its server listens; `undefined` where nothing is registered, so that a URL has to say. */
  readonly defaultPort: number | undefined;
}

/**
 * Schemes whose servers are reached by a byte stream, with their colon. One that is not here is refused: nobody could tell
 * whether it is to be secured.
 *
 * @see RFC 8323 section 8 for CoAP; the IANA registry of service names and port numbers for the others
 */
const streamSchemes: Readonly<Record<string, StreamScheme>> = {
  "mqtt:": { secure: false, defaultPort: 1883 },
  "mqtts:": { secure: true, defaultPort: 8883 },
  "amqp:": { secure: false, defaultPort: 5672 },
  "amqps:": { secure: true, defaultPort: 5671 },
  "coap+tcp:": { secure: false, defaultPort: 5683 },
  "coaps+tcp:": { secure: true, defaultPort: 5684 },
  "tcp:": { secure: false, defaultPort: undefined },
  "tls:": { secure: true, defaultPort: undefined },
};

/** Finds a scheme, by its name in lower case and its colon; `undefined` for one that is not known. */
export function findStreamScheme(protocol: string): StreamScheme | undefined {
  return Object.hasOwn(streamSchemes, protocol) ? streamSchemes[protocol] : undefined;
}
