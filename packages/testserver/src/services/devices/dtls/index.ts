import { mintCertificate } from "../../../authority/authority.ts";
import { goodNames } from "../../../authority/authorities.ts";
import { type DatagramServiceEntry, serviceFamily } from "../../service-entry.ts";
import { listenToStrangers } from "../strangers.ts";
import { deviceIdentity } from "./device-key.ts";
import { type DtlsSession, type DtlsTerms, openDtls } from "./open-dtls.ts";

const dayMilliseconds = 86_400_000;
const { name: identityName, key } = deviceIdentity;
const withKey = `openssl s_client -dtls1_2 -connect {host}:{port} -psk_identity ${identityName} -psk`;

/** DTLS 1.2, with certificates and with a key. */
export const dtlsServices = serviceFamily("dtls", "speak DTLS 1.2 and echo", [
  dtlsEcho({
    name: "dtls-echo",
    does: "sends each datagram back over DTLS 1.2 with a good certificate",
    identity: (network) => network.goodIdentity(),
  }),
  dtlsEcho({
    name: "dtls-echo-gnutls",
    does: "sends each datagram back over DTLS 1.2 by GnuTLS with a good certificate",
    library: "gnutls",
    identity: (network) => network.goodIdentity(),
  }),
  dtlsEcho({
    name: "dtls-echo-psk",
    does: `sends each datagram back over DTLS 1.2 with a key: identity ${identityName}, key ${key}`,
    example: `${withKey} ${Buffer.from(key).toString("hex")}`,
    usesKey: true,
  }),
  dtlsEcho({
    name: "dtls-client-certificate",
    does: "requires a client certificate from the test authority in DTLS 1.2",
    identity: (network) => network.goodIdentity(),
    requiresCertificate: true,
  }),
  dtlsEcho({
    name: "dtls-expired",
    does: "shows a certificate that expired yesterday in DTLS 1.2",
    identity: ({ authorities: { intermediate }, clock }) =>
      mintCertificate({
        issuer: intermediate,
        names: goodNames,
        notBefore: new Date(clock.now() - 30 * dayMilliseconds),
        notAfter: new Date(clock.now() - dayMilliseconds),
      }),
  }),
  dtlsEcho({
    name: "dtls-wrong-host",
    does: "shows a certificate for elsewhere.invalid in DTLS 1.2",
    identity: ({ authorities: { intermediate }, clock }) =>
      mintCertificate({ issuer: intermediate, names: ["elsewhere.invalid"], now: clock.now() }),
  }),
  dtlsEcho({
    name: "dtls-untrusted-root",
    does: "shows a certificate of another authority in DTLS 1.2",
    identity: ({ authorities: { other }, clock }) =>
      mintCertificate({ issuer: other, names: goodNames, now: clock.now() }),
  }),
  dtlsEcho(
    {
      name: "dtls-close",
      does: "shakes hands in DTLS 1.2 and says close_notify at the first datagram",
      identity: (network) => network.goodIdentity(),
    },
    (socket) => () => {
      socket.close();
    },
  ),
  {
    name: "dtls-stall",
    transport: "udp",
    scheme: "dtls",
    does: "asks a DTLS client for its cookie (HelloVerifyRequest) and then says nothing",
    open: async (network, { name }, endpoint) => {
      const { cookieGate } = await import("@fairlead/tls/datagram");
      const gate = cookieGate();
      listenToStrangers(network, endpoint, name, (bytes, from) => {
        const decision = gate.decide(bytes, `${from.host} ${from.port}`);
        if (decision.type === "verify") endpoint.send(decision.answer, from);
      });
      return {};
    },
  },
  {
    name: "dtls-alert",
    transport: "udp",
    scheme: "dtls",
    does: "answers every DTLS handshake with the fatal alert handshake_failure",
    open: (network, { name }, endpoint) => {
      listenToStrangers(network, endpoint, name, (bytes, from) => {
        if (bytes[0] === handshake) endpoint.send(fatalAlert, from);
      });
      return {};
    },
  },
]);

/** RFC 6347 section 4.1: an alert (21) of DTLS 1.2 in epoch 0: fatal (2), handshake_failure (40). */
const fatalAlert = Uint8Array.of(21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40);
const handshake = 22;

interface DtlsEchoTerms<Name extends string> extends DtlsTerms {
  readonly name: Name;
  readonly does: string;
  readonly example?: string;
}

function dtlsEcho<const Name extends string>(
  terms: DtlsEchoTerms<Name>,
  serve: DtlsSession = (socket) => (bytes) => {
    socket.send(bytes);
  },
): DatagramServiceEntry<Name> {
  const { name, does, example } = terms;
  return {
    ...{ name, transport: "udp", scheme: "dtls", does },
    example: example ?? "openssl s_client -dtls1_2 -CAfile {ca} -connect {host}:{port}",
    followsClock: true,
    open: (network, self, endpoint) => openDtls(network, self, endpoint, terms, serve),
  };
}
