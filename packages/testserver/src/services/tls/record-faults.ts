import { randomBytes } from "node:crypto";
import { contentType, extensionType } from "../../handmade-tls/protocol/code-points.ts";
import { number, spoil } from "../../handmade-tls/protocol/presentation.ts";
import { formatRecord } from "../../handmade-tls/protocol/records.ts";
import { handmadeService } from "./handmade-service.ts";

const data = contentType.applicationData;
const nothing = new Uint8Array();

/** Records that are wrong, or rare, when the handshake is over. */
export const recordFaultServices = [
  handmadeService({
    name: "https-oversized-record",
    does: "sends a record that is longer than any may be: 2^14 + 257 bytes",
    script: {
      steps: {
        answer: (wire) => {
          wire.raw(formatRecord(data, randomBytes(2 ** 14 + 257)));
        },
      },
    },
  }),
  handmadeService({
    name: "https-oversized-content",
    does: "sends a record whose content is one byte longer than 2^14, sealed as it should be",
    script: {
      steps: {
        answer: (wire) => {
          wire.record(data, new Uint8Array(2 ** 14 + 1).fill(0x61));
        },
      },
    },
  }),
  handmadeService({
    name: "https-bad-record",
    does: "answers in three records, of which the last one has a wrong authentication code",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.record(data, answer.subarray(0, 10));
          wire.record(data, answer.subarray(10, 20));
          wire.raw(spoil(wire.sending?.seal(data, answer.subarray(20)) ?? answer));
        },
      },
    },
  }),
  handmadeService({
    name: "https-bad-record-tls12",
    does: "answers in TLS 1.2 with a record that has a wrong authentication code",
    script: {
      version: "TLSv1.2",
      steps: {
        answer: (wire, answer) => {
          wire.raw(spoil(wire.sending?.seal(data, answer) ?? answer));
        },
      },
    },
  }),
  handmadeService({
    name: "https-record-skipped",
    does: "leaves out a record: the number of the next is one too high",
    script: {
      steps: {
        answer: (wire, answer) => {
          if (wire.sending !== undefined) wire.sending.sequence += 1;
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-record-repeated",
    does: "sends a record of its answer twice, as an attacker's replay would",
    script: {
      steps: {
        answer: (wire, answer) => {
          const record = wire.sending?.seal(data, answer.subarray(0, 10)) ?? answer;
          wire.raw(record);
          wire.raw(record);
        },
      },
    },
  }),
  handmadeService({
    name: "https-record-in-the-clear",
    does: "answers with a record that is not encrypted",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.raw(formatRecord(data, answer));
        },
      },
    },
  }),
  handmadeService({
    name: "https-record-type-unknown",
    does: "answers with content of a type that does not exist",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.record(99, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-heartbeat",
    does: "answers with a heartbeat nobody asked for, which says that it is longer than it is, as in CVE-2014-0160",
    script: {
      steps: {
        answer: (wire) => {
          wire.record(contentType.heartbeat, Uint8Array.of(2, 0xff, 0xff, 1, 2, 3));
        },
      },
    },
  }),
  handmadeService({
    name: "https-empty-records",
    does: "sends a thousand records without content before its answer",
    script: {
      steps: {
        answer: (wire, answer) => {
          for (let sent = 0; sent < 1_000; sent += 1) wire.record(data, nothing);
          wire.record(data, answer);
        },
      },
    },
  }),
  handmadeService({
    name: "https-padded-records",
    does: "hides the length of its answer by 10,000 bytes of padding, which is right",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.record(data, answer, 10_000);
        },
      },
    },
  }),
  handmadeService({
    name: "https-split-handshake",
    does: "puts each byte of its handshake into a record of its own, which is right",
    script: { fragmentBytes: 1 },
  }),
  handmadeService({
    name: "https-split-handshake-tls12",
    does: "puts each byte of its handshake of TLS 1.2 into a record of its own, which is right",
    script: { version: "TLSv1.2", fragmentBytes: 1 },
  }),
  handmadeService({
    name: "https-gathered-handshake",
    does: "puts all its encrypted handshake messages into one record, which is right",
    script: { gathersMessages: true },
  }),
  handmadeService({
    name: "https-record-size-limit",
    does: "takes records of 512 bytes at most, as it says by record_size_limit (RFC 8449), and refuses longer ones",
    example: "gnutls-cli --x509cafile={ca} --recordsize=512 --port={port} localhost",
    script: {
      receiveLimitBytes: 512,
      encryptedExtensions: (ours, { extensions }) =>
        extensions.has(extensionType.recordSizeLimit)
          ? [...ours, [extensionType.recordSizeLimit, number(2, 513)]]
          : ours,
    },
  }),
] as const;
