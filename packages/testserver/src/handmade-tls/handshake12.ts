import { randomBytes, sign } from "node:crypto";
import type { HandmadeIdentity } from "./handmade-identity.ts";
import { keyAgreement } from "./key-agreement.ts";
import {
  alertDescription,
  cipherSuite,
  contentType,
  ecdsaP256Sha256,
  extensionType,
  handshakeType,
  version,
} from "./protocol/code-points.ts";
import {
  chosenProtocols,
  ecParameters,
  type Extension,
  formatCertificate,
  formatServerHello,
  formatServerKeyExchange,
  handshakeMessage,
  type ServerHello,
} from "./protocol/handshake-messages.ts";
import { prf } from "./protocol/key-schedule.ts";
import { concat, Reader } from "./protocol/presentation.ts";
import { RecordProtection12 } from "./record-protection.ts";
import type { Performance } from "./script.ts";
import { sha256 } from "./sha256.ts";
import { changeCipherSpec, ConversationFailure } from "./wire.ts";

/** The cipher suite that says what the extension for secure renegotiation says. RFC 5746 section 3.3. */
const renegotiationSuite = 0x00ff;

/** The server's side of TLS 1.2: ECDHE by X25519 or P-256, AES-128-GCM, an ECDSA certificate. RFC 5246 section 7.3. */
export async function handshake12(performance: Performance, identity: HandmadeIdentity): Promise<void> {
  const { wire, script } = performance;
  const { hello, group } = await performance.readHello("TLSv1.2");
  const key = keyAgreement(group);
  const hasMaster = hello.extensions.has(extensionType.extendedMasterSecret) && script.extendedMasterSecret !== false;

  const extensions: Extension[] = [];
  if (hasMaster) extensions.push([extensionType.extendedMasterSecret, new Uint8Array()]);
  if (hello.extensions.has(extensionType.renegotiationInfo) || hello.cipherSuites.includes(renegotiationSuite)) {
    extensions.push([extensionType.renegotiationInfo, Uint8Array.of(0)]);
  }
  if (hello.extensions.has(extensionType.ecPointFormats)) {
    extensions.push([extensionType.ecPointFormats, Uint8Array.of(1, 0)]);
  }
  if (hello.alpnProtocols.includes("http/1.1")) extensions.push(chosenProtocols("http/1.1"));
  const random = randomBytes(32);
  const ours: ServerHello = {
    version: version.tls12,
    random,
    sessionId: new Uint8Array(),
    cipherSuite: cipherSuite.ecdheEcdsaAes128GcmSha256,
    compression: 0,
    extensions,
  };
  await performance.say("server-hello", formatServerHello(script.serverHello?.(ours, hello) ?? ours));
  await performance.say("certificate", formatCertificate(identity.chain, "TLSv1.2"));
  const parameters = ecParameters(group, key.publicKey);
  const signature = sign("sha256", concat(hello.random, random, parameters), identity.privateKey);
  await performance.say("server-key-exchange", formatServerKeyExchange(parameters, ecdsaP256Sha256, signature));
  await performance.say("server-hello-done", handshakeMessage(handshakeType.serverHelloDone));

  const { body } = await wire.expect(handshakeType.clientKeyExchange);
  const shared = key.agree(new Reader(body).vector(1));
  const randoms = concat(hello.random, random);
  const master = hasMaster
    ? prf(sha256, shared, "extended master secret", wire.transcript.hash(), 48)
    : prf(sha256, shared, "master secret", randoms, 48);
  const block = new Reader(prf(sha256, master, "key expansion", concat(random, hello.random), 40));
  const [clientKey, serverKey, clientIv, serverIv] = [16, 16, 4, 4].map((length) => block.bytes(length));
  const keys = (part?: Uint8Array, iv?: Uint8Array): RecordProtection12 =>
    new RecordProtection12({ key: part ?? new Uint8Array(), iv: iv ?? new Uint8Array() });

  const { type } = await wire.read();
  if (type !== contentType.changeCipherSpec) {
    throw new ConversationFailure(`content of type ${type}`, alertDescription.unexpectedMessage);
  }
  wire.receiving = keys(clientKey, clientIv);
  const expected = prf(sha256, master, "client finished", wire.transcript.hash(), 12);
  const finished = await wire.expect(handshakeType.finished);
  if (Buffer.compare(finished.body, expected) !== 0) {
    throw new ConversationFailure("the client's Finished is wrong", alertDescription.decryptError);
  }
  wire.record(contentType.changeCipherSpec, changeCipherSpec);
  wire.sending = keys(serverKey, serverIv);
  const verifyData = prf(sha256, master, "server finished", wire.transcript.hash(), 12);
  await performance.say("finished", handshakeMessage(handshakeType.finished, verifyData));
}
