import type { Socket } from "node:net";
import type { ShownIdentity } from "../services/http/https-driver.ts";
import type { NetworkContext } from "../services/network-context.ts";
import type { ServiceSelf, StreamDriver } from "../services/service-entry.ts";
import { type HandmadeIdentity, readIdentity } from "./handmade-identity.ts";
import { handshake12 } from "./handshake12.ts";
import { handshake13 } from "./handshake13.ts";
import { alertDescription, contentType } from "./protocol/code-points.ts";
import { concat } from "./protocol/presentation.ts";
import { Performance, type Script, ScriptEnded } from "./script.ts";
import { ConversationFailure, Wire } from "./wire.ts";

const maxRequestBytes = 16_384;

/**
 * Serves TLS by hand: a handshake, one request that is answered with a line of text, and a farewell, all as the script
 * has it, with the network's good certificate or another one on P-256.
 */
export async function openHandmade(
  network: NetworkContext,
  self: ServiceSelf,
  script: Script,
  shown?: ShownIdentity,
): Promise<StreamDriver> {
  const identity = readIdentity(shown ?? (await network.goodIdentity()));
  return {
    accept: (socket) => {
      converse(socket, self, { script, identity }).catch((error: unknown) => {
        self.connections.addTlsFailure(socket, error);
        socket.destroy();
      });
    },
  };
}

interface Terms {
  readonly script: Script;
  readonly identity: HandmadeIdentity;
}

async function converse(socket: Socket, { name, connections }: ServiceSelf, terms: Terms): Promise<void> {
  const { script, identity } = terms;
  const wire = new Wire(socket, script);
  const performance = new Performance(wire, script);
  let isSecured = false;
  try {
    const { version = "TLSv1.3" } = script;
    await (version === "TLSv1.3" ? handshake13 : handshake12)(performance, identity);
    connections.addTlsFacts(socket, {
      sessionReused: false,
      protocol: version,
      cipher: version === "TLSv1.3" ? "TLS_AES_128_GCM_SHA256" : "ECDHE-ECDSA-AES128-GCM-SHA256",
      serverName: performance.hello?.serverName,
      alpn: performance.hello?.alpnProtocols.includes("http/1.1") === true ? "http/1.1" : undefined,
      earlyBytes: 0,
      clientCertificate: undefined,
    });
    isSecured = true;
    await performance.at("established", new Uint8Array(), () => undefined);
    await readRequest(wire);
    await performance.at("answer", answerOf(name), (answer) => {
      wire.record(contentType.applicationData, answer);
    });
    await performance.at("close", new Uint8Array(), () => {
      wire.alert(alertDescription.closeNotify, 1);
      wire.end();
    });
  } catch (error) {
    if (!(error instanceof ScriptEnded)) {
      if (!isSecured) connections.addTlsFailure(socket, error);
      const alert = error instanceof ConversationFailure ? error.alert : alertDescription.internalError;
      if (alert !== undefined) wire.alert(alert);
      wire.end();
    }
  }
  await wire.leave();
}

/** Reads until a request is there, or what would be too long for one. */
async function readRequest(wire: Wire): Promise<void> {
  for (let request: Uint8Array = new Uint8Array(); request.length < maxRequestBytes; ) {
    request = concat(request, await wire.applicationData());
    if (Buffer.from(request).includes("\r\n\r\n")) return;
  }
}

/** A response that says who gave it. */
function answerOf(name: string): Uint8Array {
  const text = `${name} made this by hand\n`;
  const fields = ["HTTP/1.1 200 OK", "Content-Type: text/plain", `Content-Length: ${text.length}`, "Connection: close"];
  return Buffer.from(`${fields.join("\r\n")}\r\n\r\n${text}`);
}
