import { randomBytes } from "node:crypto";
import {
  alertDescription,
  contentType,
  extensionType,
  handshakeType,
} from "../../handmade-tls/protocol/code-points.ts";
import {
  formatCertificateRequest,
  formatKeyUpdate,
  formatNewSessionTicket,
  handshakeMessage,
} from "../../handmade-tls/protocol/handshake-messages.ts";
import { number } from "../../handmade-tls/protocol/presentation.ts";
import { formatRecord } from "../../handmade-tls/protocol/records.ts";
import { changeCipherSpec } from "../../handmade-tls/wire.ts";
import { handmadeService } from "./handmade-service.ts";

const data = contentType.applicationData;

/** Messages that come, or are rare, when the handshake is over: new keys, tickets, early data, late requests. */
export const afterHandshakeFaultServices = [
  handmadeService({
    name: "https-key-update",
    does: "changes its keys before it answers and asks the client to change its own, which is right",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.updateKeys(1);
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-key-update-flood",
    does: "changes its keys a thousand times before it answers",
    script: {
      steps: {
        answer: (wire, answer) => {
          for (let sent = 0; sent < 1_000; sent += 1) wire.updateKeys(0);
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-key-update-unknown",
    does: "changes its keys with a KeyUpdate that asks for something unknown",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.message(handshakeMessage(handshakeType.keyUpdate, number(1, 2)));
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-key-update-unheeded",
    does: "announces a change of its keys and goes on with the old ones",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.message(formatKeyUpdate(0));
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-ticket-flood",
    does: "sends a thousand tickets, of which it takes none",
    script: {
      steps: {
        established: (wire) => {
          for (let sent = 0; sent < 1_000; sent += 1) {
            wire.message(formatNewSessionTicket(randomBytes(32), { nonce: number(4, sent) }));
          }
        },
      },
    },
  }),
  handmadeService({
    name: "https-ticket-huge",
    does: "sends a ticket of 60,000 bytes, which it does not take",
    script: {
      steps: {
        established: (wire) => {
          wire.message(formatNewSessionTicket(randomBytes(60_000)));
        },
      },
    },
  }),
  handmadeService({
    name: "https-ticket-week",
    does: "sends a ticket that it says is good for longer than the seven days that may be",
    script: {
      steps: {
        established: (wire) => {
          wire.message(formatNewSessionTicket(randomBytes(32), { lifetimeSeconds: 604_801 }));
        },
      },
    },
  }),
  handmadeService({
    name: "https-early-data-rejected",
    does: "issues tickets for early data and never takes any: what came early is to be sent again",
    script: {
      dropsUnreadable: true,
      steps: {
        established: (wire) => {
          wire.message(formatNewSessionTicket(randomBytes(32), { earlyDataBytes: 16_384 }));
        },
      },
    },
  }),
  handmadeService({
    name: "https-early-data-fatal",
    does: "issues tickets for early data and breaks off when some comes, as faulty servers do",
    script: {
      steps: {
        "client-hello": (wire, _, { extensions }) => {
          if (!extensions.has(extensionType.earlyData)) return undefined;
          wire.alert(alertDescription.unexpectedMessage);
          wire.end();
          return "stop";
        },
        established: (wire) => {
          wire.message(formatNewSessionTicket(randomBytes(32), { earlyDataBytes: 16_384 }));
        },
      },
    },
  }),
  handmadeService({
    name: "https-late-certificate-request",
    does: "asks for a client certificate after the handshake, whether or not the client takes such questions",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.message(formatCertificateRequest(Uint8Array.of(1)));
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-late-change-cipher-spec",
    does: "sends ChangeCipherSpec after the handshake of TLS 1.3",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.raw(formatRecord(contentType.changeCipherSpec, changeCipherSpec));
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-hello-requests",
    does: "asks for renegotiation a thousand times in TLS 1.2, and begins none",
    script: {
      version: "TLSv1.2",
      steps: {
        answer: (wire, answer) => {
          for (let sent = 0; sent < 1_000; sent += 1) wire.message(handshakeMessage(handshakeType.helloRequest));
          wire.record(data, answer);
        },
      },
    },
  }),
] as const;
