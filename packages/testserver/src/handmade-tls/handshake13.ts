import { randomBytes, sign } from "node:crypto";
import type { HandmadeIdentity } from "./handmade-identity.ts";
import { keyAgreement } from "./key-agreement.ts";
import {
  alertDescription,
  cipherSuite,
  contentType,
  ecdsaP256Sha256,
  handshakeType,
  version,
} from "./protocol/code-points.ts";
import {
  chosenKeyShare,
  chosenProtocols,
  chosenVersion,
  contentToSign,
  formatCertificate,
  formatCertificateVerify,
  formatEncryptedExtensions,
  formatHelloRetryRequest,
  formatServerHello,
  handshakeMessage,
  messageHash,
  type ServerHello,
} from "./protocol/handshake-messages.ts";
import { finishedData, KeySchedule } from "./protocol/key-schedule.ts";
import { RecordProtection13 } from "./record-protection.ts";
import type { AgreedHello, Performance } from "./script.ts";
import { sha256 } from "./sha256.ts";
import { changeCipherSpec, ConversationFailure } from "./wire.ts";

/** The server's side of TLS 1.3: X25519 or P-256, AES-128-GCM, an ECDSA certificate. RFC 8446 section 2. */
export async function handshake13(performance: Performance, identity: HandmadeIdentity): Promise<void> {
  const { wire, script } = performance;
  const { hello, group } = await readHello(performance);
  const key = keyAgreement(group);
  const shared = key.agree(hello.keyShares.get(group) ?? new Uint8Array());

  const ours: ServerHello = {
    version: version.tls12,
    random: randomBytes(32),
    sessionId: hello.sessionId,
    cipherSuite: cipherSuite.aes128GcmSha256,
    compression: 0,
    extensions: [chosenVersion(version.tls13), chosenKeyShare(group, key.publicKey)],
  };
  await performance.say("server-hello", formatServerHello(script.serverHello?.(ours, hello) ?? ours));
  // RFC 8446 appendix D.4, for what stands between.
  if (hello.sessionId.length > 0) wire.record(contentType.changeCipherSpec, changeCipherSpec);

  const schedule = new KeySchedule(sha256, shared);
  const secrets = schedule.handshakeSecrets(wire.transcript.hash());
  wire.sending = new RecordProtection13(secrets.server);
  wire.receiving = new RecordProtection13(secrets.client);

  const extensions = hello.alpnProtocols.includes("http/1.1") ? [chosenProtocols("http/1.1")] : [];
  const altered = script.encryptedExtensions?.(extensions, hello) ?? extensions;
  await performance.say("encrypted-extensions", formatEncryptedExtensions(altered));
  await performance.say("certificate", formatCertificate(identity.chain, "TLSv1.3"));
  const signature = sign("sha256", contentToSign(wire.transcript.hash()), identity.privateKey);
  await performance.say("certificate-verify", formatCertificateVerify(ecdsaP256Sha256, signature));
  const verifyData = finishedData(sha256, secrets.server, wire.transcript.hash());
  await performance.say("finished", handshakeMessage(handshakeType.finished, verifyData));

  const application = schedule.applicationSecrets(wire.transcript.hash());
  wire.sending = new RecordProtection13(application.server);
  await readFinished(performance, secrets.client);
  wire.receiving = new RecordProtection13(application.client);
}

/** Reads a hello, and a second one where the first has no key that we can use. RFC 8446 section 4.1.4. */
async function readHello(performance: Performance): Promise<AgreedHello> {
  const { wire } = performance;
  const first = await performance.readHello("TLSv1.3");
  if (first.type === "agreed") return first;
  wire.transcript.restart(messageHash(wire.transcript.hash()));
  wire.handshake(formatHelloRetryRequest(first.hello.sessionId, first.group));
  const second = await performance.readHello("TLSv1.3");
  if (second.type === "agreed") return second;
  throw new ConversationFailure("no key after one was asked for", alertDescription.illegalParameter);
}

/** Reads the client's certificate, where one was asked for, and its Finished. */
async function readFinished({ wire }: Performance, clientSecret: Uint8Array): Promise<void> {
  for (;;) {
    const expected = finishedData(sha256, clientSecret, wire.transcript.hash());
    const { type, body, bytes } = await wire.nextMessage();
    wire.transcript.add(bytes);
    if (type === handshakeType.certificate || type === handshakeType.certificateVerify) continue;
    if (type !== handshakeType.finished) {
      throw new ConversationFailure(`a message of type ${type}`, alertDescription.unexpectedMessage);
    }
    if (Buffer.compare(body, expected) !== 0) {
      throw new ConversationFailure("the client's Finished is wrong", alertDescription.decryptError);
    }
    return;
  }
}
