import { randomBytes } from "node:crypto";
import { contentType, handshakeType, version } from "../../handmade-tls/protocol/code-points.ts";
import {
  formatCertificate,
  formatCertificateRequest,
  handshakeMessage,
} from "../../handmade-tls/protocol/handshake-messages.ts";
import { spoil } from "../../handmade-tls/protocol/presentation.ts";
import { formatRecord } from "../../handmade-tls/protocol/records.ts";
import { leaveOut, replace } from "../../handmade-tls/steps.ts";
import { changeCipherSpec } from "../../handmade-tls/wire.ts";
import { handmadeService } from "./handmade-service.ts";

const mebibyte = 2 ** 20;
const nothing = new Uint8Array();

/** Handshakes that go wrong after the hellos. */
export const handshakeFaultServices = [
  handmadeService({
    name: "https-certificate-none",
    does: "sends a Certificate message without a certificate",
    script: { steps: { certificate: replace(() => formatCertificate([], "TLSv1.3")) } },
  }),
  handmadeService({
    name: "https-certificate-garbage",
    does: "sends a certificate that is no DER",
    script: { steps: { certificate: replace(() => formatCertificate([new Uint8Array(500).fill(7)], "TLSv1.3")) } },
  }),
  handmadeService({
    name: "https-certificate-mebibyte",
    does: "sends a certificate of 1 MiB",
    script: { steps: { certificate: replace(() => formatCertificate([randomBytes(mebibyte)], "TLSv1.3")) } },
  }),
  handmadeService({
    name: "https-certificate-left-out",
    does: "sends neither a certificate nor a proof that it has its key",
    script: { steps: { certificate: leaveOut, "certificate-verify": leaveOut } },
  }),
  handmadeService({
    name: "https-proof-left-out",
    does: "sends a certificate but no CertificateVerify: no proof that it has its key",
    script: { steps: { "certificate-verify": leaveOut } },
  }),
  handmadeService({
    name: "https-bad-proof",
    does: "signs the handshake wrongly in its CertificateVerify of TLS 1.3",
    script: { steps: { "certificate-verify": replace(spoil) } },
  }),
  handmadeService({
    name: "https-bad-key-exchange",
    does: "signs its key wrongly in its ServerKeyExchange of TLS 1.2",
    script: { version: "TLSv1.2", steps: { "server-key-exchange": replace(spoil) } },
  }),
  handmadeService({
    name: "https-key-exchange-left-out",
    does: "sends no ServerKeyExchange in TLS 1.2, where its cipher suite asks for one",
    script: { version: "TLSv1.2", steps: { "server-key-exchange": leaveOut } },
  }),
  handmadeService({
    name: "https-bad-finished",
    does: "sends a wrong Finished in TLS 1.3",
    script: { steps: { finished: replace(spoil) } },
  }),
  handmadeService({
    name: "https-bad-finished-tls12",
    does: "sends a wrong Finished in TLS 1.2",
    script: { version: "TLSv1.2", steps: { finished: replace(spoil) } },
  }),
  handmadeService({
    name: "https-certificate-request-twice",
    does: "asks for a client certificate twice in one handshake",
    script: {
      steps: {
        "encrypted-extensions": (wire, message) => {
          wire.handshake(message);
          wire.handshake(formatCertificateRequest(nothing));
          wire.handshake(formatCertificateRequest(nothing));
        },
      },
    },
  }),
  handmadeService({
    name: "https-second-server-hello",
    does: "sends a ServerHello where its EncryptedExtensions should be",
    script: {
      steps: { "encrypted-extensions": replace(() => handshakeMessage(handshakeType.serverHello, randomBytes(70))) },
    },
  }),
  handmadeService({
    name: "https-unencrypted-extensions",
    does: "sends its EncryptedExtensions in the clear",
    script: {
      steps: {
        "encrypted-extensions": (wire, message) => {
          wire.transcript.add(message);
          wire.raw(formatRecord(contentType.handshake, message));
        },
      },
    },
  }),
  handmadeService({
    name: "https-data-in-handshake",
    does: "sends application data before its Finished",
    script: {
      steps: {
        certificate: (wire, message) => {
          wire.record(contentType.applicationData, Buffer.from("HTTP/1.1 200 OK\r\n\r\n"));
          wire.handshake(message);
        },
      },
    },
  }),
  handmadeService({
    name: "https-early-change-cipher-spec",
    does: "sends ChangeCipherSpec before any key is agreed on in TLS 1.2, as in CVE-2014-0224",
    script: {
      version: "TLSv1.2",
      steps: {
        certificate: (wire, message) => {
          wire.record(contentType.changeCipherSpec, changeCipherSpec);
          wire.handshake(message);
        },
      },
    },
  }),
  handmadeService({
    name: "https-empty-handshake-record",
    does: "sends a handshake record without content before its ServerHello (RFC 8446 section 5.1)",
    script: {
      steps: {
        "server-hello": (wire, message) => {
          wire.record(contentType.handshake, nothing);
          wire.handshake(message);
        },
      },
    },
  }),
  handmadeService({
    name: "https-record-version-wrong",
    does: "writes a version that is no TLS into the head of its records",
    script: {
      steps: {
        "server-hello": (wire, message) => {
          wire.raw(formatRecord(contentType.handshake, message, 0x0903));
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-tls12-after-all",
    does: "begins as TLS 1.3 and goes on as TLS 1.2: a Certificate in the clear after the ServerHello",
    script: {
      serverHello: (ours) => ({ ...ours, version: version.tls12 }),
      steps: {
        "encrypted-extensions": (wire) => {
          wire.raw(formatRecord(contentType.handshake, formatCertificate([new Uint8Array(300)], "TLSv1.2")));
          return "stop";
        },
      },
    },
  }),
] as const;
