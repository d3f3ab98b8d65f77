import { alertDescription, contentType } from "../../handmade-tls/protocol/code-points.ts";
import { stall } from "../../handmade-tls/steps.ts";
import { handmadeService } from "./handmade-service.ts";

const data = contentType.applicationData;

/** Connections that end, or do not, as they should. */
export const endingFaultServices = [
  handmadeService({
    name: "https-alert-after-handshake",
    does: "answers the request with the fatal alert internal_error",
    script: {
      steps: {
        answer: (wire) => {
          wire.alert(alertDescription.internalError);
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-no-close-notify",
    does: "ends its answer by closing TCP, without the close_notify that tells an end from a cut",
    script: {
      steps: {
        answer: (wire) => {
          wire.record(data, untilClose);
        },
        close: (wire) => {
          wire.end();
        },
      },
    },
  }),
  handmadeService({
    name: "https-cut-record",
    does: "ends TCP in the middle of a record of its answer",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.raw((wire.sending?.seal(data, answer) ?? answer).subarray(0, 30));
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-data-after-close",
    does: "sends close_notify instead of an answer, and then the answer",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.alert(alertDescription.closeNotify, 1);
          wire.record(data, answer);
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-stall-answer",
    does: "makes the handshake, reads the request and never answers",
    example: "curl --max-time 2 --cacert {ca} {origin}/",
    script: { steps: { answer: stall } },
  }),
  handmadeService({
    name: "https-stall-record",
    does: "stalls in the middle of a record of its answer",
    example: "curl --max-time 2 --cacert {ca} {origin}/",
    script: {
      steps: {
        answer: (wire, answer) => {
          wire.raw((wire.sending?.seal(data, answer) ?? answer).subarray(0, 30));
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-stall-close",
    does: "answers without a length and never closes",
    example: "curl --max-time 2 --cacert {ca} {origin}/",
    script: {
      steps: {
        answer: (wire) => {
          wire.record(data, untilClose);
          return "stop";
        },
      },
    },
  }),
] as const;

/** A response that ends with the connection. */
const untilClose = Buffer.from("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall there is\n");
