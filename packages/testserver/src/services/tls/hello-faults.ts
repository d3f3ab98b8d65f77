import { cipherSuite, extensionType, group, handshakeType, version } from "../../handmade-tls/protocol/code-points.ts";
import {
  ascii,
  chosenKeyShare,
  chosenProtocols,
  chosenVersion,
  downgradeSentinel,
  formatHelloRetryRequest,
  handshakeMessage,
  type ServerHello,
} from "../../handmade-tls/protocol/handshake-messages.ts";
import { concat, number, spoil } from "../../handmade-tls/protocol/presentation.ts";
import { formatRecord } from "../../handmade-tls/protocol/records.ts";
import { replace, sayAndEnd } from "../../handmade-tls/steps.ts";
import { handmadeService } from "./handmade-service.ts";

/** What nobody has registered, and so nobody offers. */
const unknown = 0xfefe;

/** Answers to the ClientHello that are none, or not to it. */
export const helloFaultServices = [
  handmadeService({
    name: "https-garbage",
    does: "answers the ClientHello with bytes that are no TLS",
    script: { steps: { "client-hello": sayAndEnd("no TLS ".repeat(64)) } },
  }),
  handmadeService({
    name: "https-plain-http",
    does: "answers the ClientHello in plain HTTP, as a server does that was asked on the wrong port",
    script: { steps: { "client-hello": sayAndEnd("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") } },
  }),
  handmadeService({
    name: "https-ssl2",
    does: "answers with a SERVER-HELLO of SSL 2.0",
    script: {
      steps: { "client-hello": sayAndEnd(Uint8Array.of(0x80, 0x0e, 4, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 1, 0, 0x80)) },
    },
  }),
  handmadeService({
    name: "https-ssl3",
    does: "answers with a ServerHello of SSL 3.0 (RFC 7568 forbids it)",
    script: {
      version: "TLSv1.2",
      serverHello: (ours) => ({ ...ours, version: version.ssl3, extensions: [] }),
      steps: {
        "server-hello": (wire, message) => {
          wire.raw(formatRecord(22, message, version.ssl3));
        },
      },
    },
  }),
  handmadeService({
    name: "https-version-unknown",
    does: "chooses a version of TLS that does not exist",
    script: { serverHello: (ours) => withExtensions(ours, [chosenVersion(0x0305), ...ours.extensions.slice(1)]) },
  }),
  handmadeService({
    name: "https-downgrade",
    does: "speaks TLS 1.2, and says in its random that it was made to (RFC 8446 section 4.1.3)",
    script: {
      version: "TLSv1.2",
      serverHello: (ours) => ({ ...ours, random: concat(ours.random.subarray(0, 24), downgradeSentinel) }),
    },
  }),
  handmadeService({
    name: "https-wrong-session-id",
    does: "repeats a session identifier that is not the client's",
    script: {
      serverHello: (ours) => ({ ...ours, sessionId: spoil(concat(ours.sessionId, number(1, 0)).subarray(0, 32)) }),
    },
  }),
  handmadeService({
    name: "https-picks-unknown-cipher",
    does: "picks a cipher suite of TLS 1.3 that was not offered",
    script: { serverHello: (ours) => ({ ...ours, cipherSuite: unknown }) },
  }),
  handmadeService({
    name: "https-picks-rc4",
    does: "picks RC4 in TLS 1.2, offered or not (RFC 7465 forbids it)",
    script: { version: "TLSv1.2", serverHello: (ours) => ({ ...ours, cipherSuite: 0xc007 }) },
  }),
  handmadeService({
    name: "https-picks-export",
    does: "picks an export cipher of 40 bits in TLS 1.2, offered or not, as in the FREAK attack",
    script: { version: "TLSv1.2", serverHello: (ours) => ({ ...ours, cipherSuite: 0x0003 }) },
  }),
  handmadeService({
    name: "https-picks-3des",
    does: "picks Triple DES in TLS 1.2, offered or not",
    script: { version: "TLSv1.2", serverHello: (ours) => ({ ...ours, cipherSuite: 0xc008 }) },
  }),
  handmadeService({
    name: "https-picks-compression",
    does: "picks DEFLATE compression in TLS 1.2, offered or not, as in the CRIME attack",
    script: { version: "TLSv1.2", serverHello: (ours) => ({ ...ours, compression: 1 }) },
  }),
  handmadeService({
    name: "https-picks-unknown-group",
    does: "answers with a key of a group that was not offered",
    script: {
      serverHello: (ours) =>
        withExtensions(ours, [chosenVersion(version.tls13), chosenKeyShare(unknown, new Uint8Array(32))]),
    },
  }),
  handmadeService({
    name: "https-zero-key-share",
    does: "answers with an X25519 key of zeros, from which no secret comes (RFC 8446 section 7.4.2)",
    script: {
      serverHello: (ours) =>
        withExtensions(ours, [chosenVersion(version.tls13), chosenKeyShare(group.x25519, new Uint8Array(32))]),
    },
  }),
  handmadeService({
    name: "https-no-key-share",
    does: "leaves the key out of its ServerHello of TLS 1.3",
    script: { serverHello: (ours) => withExtensions(ours, [chosenVersion(version.tls13)]) },
  }),
  handmadeService({
    name: "https-extension-unasked",
    does: "answers an extension that the client did not send",
    script: { encryptedExtensions: (ours) => [...ours, [unknown, new Uint8Array()]] },
  }),
  handmadeService({
    name: "https-extension-twice",
    does: "sends the same extension twice",
    script: {
      encryptedExtensions: (ours) => [...ours, supportedGroups, supportedGroups],
    },
  }),
  handmadeService({
    name: "https-alpn-unoffered",
    does: "picks a protocol by ALPN that was not offered (RFC 7301 section 3.2)",
    example: "curl --http1.1 --cacert {ca} {origin}/",
    script: { encryptedExtensions: () => [chosenProtocols("unoffered/1")] },
  }),
  handmadeService({
    name: "https-alpn-two",
    does: "picks two protocols by ALPN where one is to be picked",
    script: { encryptedExtensions: () => [chosenProtocols("http/1.1", "http/1.1")] },
  }),
  handmadeService({
    name: "https-retry-twice",
    does: "asks for another key share twice (RFC 8446 section 4.1.4)",
    script: {
      steps: {
        "client-hello": async (wire, _, { sessionId, keyShares }) => {
          const wanted = keyShares.has(group.p256) ? group.p384 : group.p256;
          wire.message(formatHelloRetryRequest(sessionId, wanted));
          await wire.nextMessage();
          wire.message(formatHelloRetryRequest(sessionId, wanted));
          await wire.nextMessage();
        },
      },
    },
  }),
  handmadeService({
    name: "https-retry-pointless",
    does: "asks for a key share that it was sent already",
    script: {
      steps: {
        "client-hello": async (wire, _, { sessionId, keyShares }) => {
          wire.message(formatHelloRetryRequest(sessionId, keyShares.keys().next().value ?? group.x25519));
          await wire.nextMessage();
        },
      },
    },
  }),
  handmadeService({
    name: "https-retry-unknown-group",
    does: "asks for a key share of a group that was not offered",
    script: {
      steps: {
        "client-hello": async (wire, _, { sessionId }) => {
          wire.message(formatHelloRetryRequest(sessionId, unknown));
          await wire.nextMessage();
        },
      },
    },
  }),
  handmadeService({
    name: "https-hello-trailing-bytes",
    does: "sends a ServerHello with bytes after its extensions",
    script: {
      steps: {
        "server-hello": replace((message) =>
          handshakeMessage(handshakeType.serverHello, message.subarray(4), ascii("more")),
        ),
      },
    },
  }),
  handmadeService({
    name: "https-hello-cut",
    does: "ends TCP in the middle of its ServerHello",
    script: {
      steps: {
        "server-hello": (wire, message) => {
          wire.raw(formatRecord(22, message).subarray(0, 40));
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-hello-reset",
    does: "resets TCP after its ServerHello",
    script: {
      steps: {
        "server-hello": (wire, message) => {
          wire.handshake(message);
          wire.socket.resetAndDestroy();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-hello-huge",
    does: "announces a ServerHello of 16 MiB",
    script: {
      steps: {
        "server-hello": sayAndEnd(formatRecord(22, concat(Uint8Array.of(2, 255, 255, 255), new Uint8Array(16_000)))),
      },
    },
  }),
] as const;

const supportedGroups = [extensionType.supportedGroups, concat(number(2, 2), number(2, group.x25519))] as const;

function withExtensions(hello: ServerHello, extensions: ServerHello["extensions"]): ServerHello {
  return { ...hello, cipherSuite: cipherSuite.aes128GcmSha256, extensions };
}
