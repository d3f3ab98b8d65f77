import { distinguishedName } from "../../authority/protocol/names.ts";
import { contentType, extensionType, handshakeType } from "../../handmade-tls/protocol/code-points.ts";
import { countCertificates, formatCertificateRequest } from "../../handmade-tls/protocol/handshake-messages.ts";
import { concat } from "../../handmade-tls/protocol/presentation.ts";
import { handmadeService } from "./handmade-service.ts";
import { httpsService } from "./https-service.ts";

const nothing = new Uint8Array();

/** Questions for a certificate of the client. */
export const clientCertificateServices = [
  httpsService({
    name: "https-client-certificate",
    does: "requires a client certificate from the test authority",
    tls: ({ root, intermediate }) => ({
      requestCert: true,
      rejectUnauthorized: true,
      ca: [root.certificate, intermediate.certificate],
    }),
  }),
  httpsService({
    name: "https-client-certificate-tls12",
    does: "requires a client certificate from the test authority in TLS 1.2, where the handshake ends with it",
    tls: ({ root, intermediate }) => ({
      maxVersion: "TLSv1.2",
      requestCert: true,
      rejectUnauthorized: true,
      ca: [root.certificate, intermediate.certificate],
    }),
  }),
  httpsService({
    name: "https-client-certificate-optional",
    does: "asks for a client certificate and goes on without one, or with one of anybody",
    tls: ({ root, intermediate }) => ({
      requestCert: true,
      rejectUnauthorized: false,
      ca: [root.certificate, intermediate.certificate],
    }),
  }),
  httpsService({
    name: "https-client-certificate-other",
    does: "requires a client certificate from another authority than the one to trust",
    tls: ({ other }) => ({ requestCert: true, rejectUnauthorized: true, ca: other.certificate }),
  }),
  handmadeService({
    name: "https-client-certificate-unnamed",
    does: "asks for a client certificate, and names no authority that it should be of",
    script: {
      steps: {
        "encrypted-extensions": (wire, message) => {
          wire.handshake(message);
          wire.handshake(formatCertificateRequest(nothing));
        },
      },
    },
  }),
  handmadeService({
    name: "https-client-certificate-named-often",
    does: "asks for a client certificate, and names 1,000 authorities that it may be of",
    script: {
      steps: {
        "encrypted-extensions": (wire, message) => {
          wire.handshake(message);
          wire.handshake(
            formatCertificateRequest(
              nothing,
              Array.from({ length: 1_000 }, (_, at) => distinguishedName(`Nobody's Authority ${at}`)),
            ),
          );
        },
      },
    },
  }),
  handmadeService({
    name: "https-post-handshake-authentication",
    does: "asks for a client certificate when the request is there, if the client takes such questions",
    example: "openssl s_client -connect {host}:{port} -enable_pha -CAfile {ca}",
    script: {
      steps: {
        answer: async (wire, answer, { extensions }) => {
          let heard = "was not asked";
          if (extensions.has(extensionType.postHandshakeAuth)) {
            wire.message(formatCertificateRequest(Uint8Array.of(1)));
            heard = await hearCertificate(wire);
          }
          const line = Buffer.from(`the client ${heard}\n`);
          const text = Buffer.from(answer).toString("latin1");
          const [head = ""] = text.split("\r\n\r\n");
          const whole = head.replace(/(?<=Content-Length: )\d+/, String(line.length));
          wire.record(contentType.applicationData, concat(Buffer.from(`${whole}\r\n\r\n`), line));
        },
      },
    },
  }),
] as const;

/** Reads the client's flight after the handshake. RFC 8446 section 4.6.2. */
async function hearCertificate(wire: {
  readonly nextMessage: () => Promise<{ readonly type: number; readonly body: Uint8Array }>;
}): Promise<string> {
  let heard = "shows no certificate";
  for (;;) {
    const { type, body } = await wire.nextMessage();
    if (type === handshakeType.certificate && countCertificates(body) > 0) heard = "shows a certificate";
    if (type === handshakeType.finished) return heard;
  }
}
