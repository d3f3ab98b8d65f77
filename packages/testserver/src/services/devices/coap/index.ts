import { blockUint, type CoapBlock, coapCodes, writeOption } from "@fairlead/iot/coap/protocol";
import { type DatagramServiceEntry, serviceFamily } from "../../service-entry.ts";
import { deviceIdentity } from "../dtls/device-key.ts";
import { openCoap, openCoaps } from "./coap-service.ts";
import type { CoapManner } from "./manner.ts";
import { type CoapAnswer, textAnswer } from "./resource.ts";

/** CoAP as it should be, and as it should not. */
export const coapServices = serviceFamily("coap", "speak CoAP", [
  {
    name: "coap",
    transport: "udp",
    scheme: "coap",
    does: "speaks CoAP: blocks, observation, ETags and each code; /.well-known/core lists what is there",
    example: "coap-client-gnutls -m get coap://{host}:{port}/.well-known/core",
    open: openCoap({}),
  },
  {
    name: "coaps",
    transport: "udp",
    scheme: "coaps",
    does: "speaks CoAP over DTLS 1.2 with a good certificate",
    example: "coap-client-gnutls -C {ca} -m get coaps://{host}:{port}/test",
    followsClock: true,
    open: openCoaps({ identity: (network) => network.goodIdentity() }),
  },
  {
    name: "coaps-psk",
    transport: "udp",
    scheme: "coaps",
    does: `speaks CoAP over DTLS 1.2 with a key: identity ${deviceIdentity.name}, key ${deviceIdentity.key}`,
    example: `coap-client-gnutls -u ${deviceIdentity.name} -k ${deviceIdentity.key} -m get coaps://{host}:{port}/test`,
    open: openCoaps({ usesKey: true }),
  },
  quirk("coap-silent", "hears CoAP requests and says nothing, not even an acknowledgement", { hears: () => false }),
  quirk("coap-deaf-at-first", "does not hear a CoAP request until it comes for the second time", {
    hears: (times) => times > 1,
  }),
  quirk("coap-no-ack", "answers confirmable CoAP requests by messages of their own and never acknowledges one", {
    send: (answer, nextMessageId) => [{ ...answer, type: "non-confirmable", messageId: nextMessageId() }],
  }),
  quirk("coap-ack-only", "acknowledges CoAP requests and never answers", {
    send: (answer) => [{ ...answer, code: coapCodes.Empty, token: none, options: [], payload: none }],
  }),
  quirk("coap-reset", "resets every CoAP request", {
    send: ({ messageId }) => [
      { type: "reset", code: coapCodes.Empty, messageId, token: none, options: [], payload: none },
    ],
  }),
  quirk("coap-late", "acknowledges CoAP requests at once and answers a second later", {
    separateAfterMilliseconds: 1000,
  }),
  quirk("coap-duplicate", "sends every CoAP answer twice", { send: (answer) => [answer, answer] }),
  quirk("coap-wrong-token", "answers CoAP requests with another token", {
    send: (answer) => [{ ...answer, token: answer.token.map((byte) => byte ^ 0xff) }],
  }),
  quirk("coap-wrong-message-id", "acknowledges CoAP messages that nobody sent", {
    send: (answer) => [{ ...answer, messageId: answer.messageId ^ 0x8000 }],
  }),
  quirk("coap-malformed", "answers CoAP requests with an option whose length is reserved", {
    send: ({ messageId }) => [Uint8Array.of(0x60, 0x45, messageId >> 8, messageId & 255, 0xcf)],
  }),
  quirk("coap-other-version", "answers CoAP requests in a version of CoAP that is not there", {
    send: ({ messageId }) => [Uint8Array.of(0xa0, 0x45, messageId >> 8, messageId & 255)],
  }),
  quirk("coap-critical-option", "answers CoAP requests with a critical option that nobody knows", {
    send: (answer) => [{ ...answer, options: [...answer.options, { number: 65_001, value: Uint8Array.of(1) }] }],
  }),
  quirk("coap-block-changes", "changes the ETag of a CoAP body in the middle of its blocks", {
    answerBlock: ({ number, sizeBytes }) => blockOf({ number, more: number < 3, sizeBytes }, number < 2 ? "v1" : "v2"),
  }),
  quirk("coap-block-endless", "says of every CoAP block that others follow", {
    answerBlock: ({ number, sizeBytes }) => blockOf({ number, more: true, sizeBytes }, "v1"),
  }),
  quirk("coap-wrong-block", "answers with the CoAP block after the one that was asked for", {
    answerBlock: ({ number, sizeBytes }) => blockOf({ number: number + 1, more: true, sizeBytes }, "v1"),
  }),
]);

const none = new Uint8Array(0);

function quirk<const Name extends string>(name: Name, does: string, manner: CoapManner): DatagramServiceEntry<Name> {
  const example = "coap-client-gnutls -B 5 -m get coap://{host}:{port}/test";
  return { name, transport: "udp", scheme: "coap", does, example, open: openCoap({ manner }) };
}

function blockOf(block: CoapBlock, eTag: string): CoapAnswer {
  const options = [writeOption("eTag", Buffer.from(eTag)), writeOption("block2", blockUint(block))];
  return textAnswer("2.05", ".".repeat(block.sizeBytes), options);
}
