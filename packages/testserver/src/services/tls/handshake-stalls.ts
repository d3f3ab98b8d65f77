import { sendAndStall, stall } from "../../handmade-tls/steps.ts";
import type { Place, Script, Step } from "../../handmade-tls/script.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { handmadeService } from "./handmade-service.ts";

/** Handshakes that stop, once at each message of either version; the connection stays open. */
export const handshakeStallServices = [
  stalls("https-stall-hello", "reads the ClientHello and never answers", "client-hello", stall),
  stalls("https-stall-server-hello", "stalls after its ServerHello", "server-hello", sendAndStall),
  stalls(
    "https-stall-extensions",
    "stalls after its EncryptedExtensions in TLS 1.3",
    "encrypted-extensions",
    sendAndStall,
  ),
  stalls("https-stall-certificate", "stalls in the middle of its Certificate", "certificate", sendHalfAndStall),
  stalls("https-stall-proof", "stalls before its CertificateVerify in TLS 1.3", "certificate-verify", stall),
  stalls("https-stall-finished", "stalls before its Finished in TLS 1.3", "finished", stall),
  stalls(
    "https-stall-server-hello-tls12",
    "stalls after its ServerHello in TLS 1.2",
    "server-hello",
    sendAndStall,
    "TLSv1.2",
  ),
  stalls(
    "https-stall-certificate-tls12",
    "stalls in the middle of its Certificate in TLS 1.2",
    "certificate",
    sendHalfAndStall,
    "TLSv1.2",
  ),
  stalls(
    "https-stall-key-exchange",
    "stalls before its ServerKeyExchange in TLS 1.2",
    "server-key-exchange",
    stall,
    "TLSv1.2",
  ),
  stalls(
    "https-stall-hello-done",
    "stalls before its ServerHelloDone in TLS 1.2",
    "server-hello-done",
    stall,
    "TLSv1.2",
  ),
  stalls(
    "https-stall-finished-tls12",
    "stalls before its Finished in TLS 1.2, when the client has sent its own",
    "finished",
    stall,
    "TLSv1.2",
  ),
] as const;

function stalls<const Name extends string>(
  name: Name,
  does: string,
  place: Place,
  step: Step,
  version: Script["version"] = "TLSv1.3",
): StreamServiceEntry<Name> {
  return handmadeService({
    ...{ name, does },
    example: "curl --max-time 2 --cacert {ca} {origin}/",
    script: { version, steps: { [place]: step } },
  });
}

function sendHalfAndStall(wire: Parameters<Step>[0], message: Uint8Array): "stop" {
  wire.message(message.subarray(0, message.length / 2));
  return "stop";
}
