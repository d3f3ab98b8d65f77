import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { TLSSocket } from "node:tls";
import { memoryPair } from "@fairlead/transport";
import { publicKeyPin } from "../../src/certificates/index.ts";
import type { TlsConnectOptions, TlsIdentity, TlsSocket, TlsTrust } from "../../src/index.ts";
import { createNodeTls, nodeTls } from "../../src/node/index.ts";
import type { NodeTlsSocket } from "../../src/node/node-tls-socket.ts";
import { withheldCertificates } from "../../src/node/withheld-certificates.ts";
import { mint, mintKeys, type Minted } from "../certificates/mint.ts";

const root = { subject: "Root", keys: mintKeys(), ca: true };
const middle = { subject: "Middle", keys: mintKeys(), by: root, ca: true };
const low = { subject: "Low", keys: mintKeys(), by: middle, ca: true };
const leaf = { subject: "a.test", keys: mintKeys(), by: low, names: ["a.test"] };
const [rootDer, middleDer, lowDer, leafDer] = [mint(root), mint(middle), mint(low), mint(leaf)];
const trust: TlsTrust = { type: "anchors", certificates: [pem(rootDer)] };
const upsideDown = identity(leaf, leafDer, [middleDer, lowDer]);

describe("what node:tls does not hand out", () => {
  test("is what was sent, once and from then on remembered for the same chain, for an hour", async () => {
    let time = 0;
    const withheld = withheldCertificates({ now: () => time, maxLost: 3 });
    const [first, second, later, last] = [await open(), await open(), await open(), await open()];
    assert.deepEqual(first.getPeerChain(), [leafDer, lowDer]);
    assert.deepEqual(withheld.behind(first), [middleDer, lowDer]);
    assert.deepEqual(withheld.behind(second), [middleDer, lowDer]);
    assert.equal(isUntouched(second), true);
    time += 3_600_001;
    assert.deepEqual(withheld.behind(later), [middleDer, lowDer]);
    assert.equal(isUntouched(later), false);
    // Four certificates are lost by now: what is remembered has to do.
    time += 3_600_001;
    assert.deepEqual(withheld.behind(last), [middleDer, lowDer]);
    assert.equal(isUntouched(last), true);
    for (const each of [first, second, later, last]) each.destroy();
  });

  test("is not taken from a connection when too much is lost already", async () => {
    const withheld = withheldCertificates({ maxLost: 2 });
    const [first, other] = [await open(), await open(identity(leaf, mint(leaf), [middleDer, lowDer]))];
    assert.notEqual(withheld.behind(first), undefined);
    assert.equal(withheld.behind(other), undefined);
    assert.equal(isUntouched(other), true);
    for (const each of [first, other]) each.destroy();
  });

  test("is forgotten for the chain that was asked for longest ago", async () => {
    const withheld = withheldCertificates({ maxChains: 1, maxLost: 3 });
    const [first, other, again] = [
      await open(),
      await open(identity(leaf, mint(leaf), [middleDer, lowDer])),
      await open(),
    ];
    for (const each of [first, other]) assert.deepEqual(withheld.behind(each), [middleDer, lowDer]);
    assert.equal(withheld.behind(again), undefined);
    for (const each of [first, other, again]) each.destroy();
  });

  test("cannot be had of a connection that is closed, which is no reason to remember that", async () => {
    const withheld = withheldCertificates();
    const [closed, next] = [await open(), await open()];
    closed.destroy();
    assert.equal(withheld.behind(closed), undefined);
    assert.deepEqual(withheld.behind(next), [middleDer, lowDer]);
    next.destroy();
  });

  test("leaves what the socket says of its peer as it was, and the session good for the next connection", async () => {
    const sessions: Uint8Array[] = [];
    const client = createNodeTls();
    const ticketKeys = new Uint8Array(48).fill(3);
    const [socket, server] = await connect(
      upsideDown,
      { onSession: (session) => sessions.push(session) },
      client,
      ticketKeys,
    );
    assert.equal(isUntouched(socket), false);
    assert.equal(socket.authorized, true);
    assert.deepEqual(socket.getPeerChain(), [leafDer, lowDer]);
    assert.deepEqual(socket.getPeerX509Certificate()?.raw, leafDer);
    const { raw, issuerCertificate } = socket.getPeerCertificate(true);
    assert.deepEqual([raw, issuerCertificate.raw], [leafDer, lowDer]);
    assert.deepEqual(socket.getPeerCertificate().raw, leafDer);
    server.end("sessions come before this");
    const ended = once(socket, "end");
    socket.resume();
    await ended;
    const [resumed, other] = await connect(upsideDown, { session: sessions[0] }, client, ticketKeys);
    assert.equal(resumed.isSessionReused(), true);
    for (const each of [resumed, other]) each.destroy();
  });

  test("counts for a client's certificate as well", async () => {
    const clientLeaf = { ...leaf, extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"] };
    const client = identity(clientLeaf, mint(clientLeaf), [middleDer, lowDer]);
    for (const [anchors, expected] of [
      [trust, true],
      [{ type: "anchors", certificates: [] }, false],
    ] as const) {
      const [near, far] = memoryPair({ allowHalfOpen: true });
      const connecting = nodeTls.connect(near, { host: "a.test", trust, identity: client });
      const accepting = createNodeTls().accept(far, {
        identity: upsideDown,
        clientCertificates: { trust: anchors, required: true },
      });
      const [connected, accepted] = await Promise.allSettled([connecting, accepting]);
      assert.equal(accepted.status === "fulfilled" && accepted.value.authorized, expected);
      if (connected.status === "fulfilled") connected.value.on("error", () => undefined).destroy();
      if (accepted.status === "fulfilled") accepted.value.on("error", () => undefined).destroy();
    }
  });

  test("may be two hundred certificates, of which the first ones count", async () => {
    const strangers = Array.from({ length: 198 }, (_, number) =>
      mint({ subject: `Stranger ${String(number)}`, keys: low.keys, ca: true }),
    );
    const [socket, server] = await connect(identity(leaf, leafDer, [middleDer, ...strangers, lowDer]), {});
    assert.equal(socket.authorized, true);
    for (const each of [socket, server]) each.destroy();
    const lastOnes = identity(leaf, leafDer, [...strangers, middleDer, lowDer]);
    await assert.rejects(connect(lastOnes, {}), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
  });
});

/** A connection of which nothing was taken yet. */
async function open(shown: TlsIdentity = upsideDown): Promise<NodeTlsSocket> {
  const dangerous = { acceptPinnedKeyAlone: true } as const;
  const pins = [publicKeyPin(leafDer)];
  const [socket, server] = await connect(shown, { trust: { type: "pinned", pins, dangerous } });
  server.on("error", () => undefined);
  socket.once("close", () => server.destroy());
  assert.equal(isUntouched(socket), true);
  return socket;
}

async function connect(
  shown: TlsIdentity,
  options: Partial<TlsConnectOptions>,
  client = createNodeTls(),
  ticketKeys?: Uint8Array,
): Promise<readonly [NodeTlsSocket, TlsSocket]> {
  const [near, far] = memoryPair({ allowHalfOpen: true });
  const accepting = nodeTls.accept(far, { identity: shown, ticketKeys });
  const connecting = client.connect(near, { host: "a.test", trust, ...options });
  const [connected, accepted] = await Promise.allSettled([connecting, accepting]);
  if (connected.status === "rejected") {
    if (accepted.status === "fulfilled") accepted.value.destroy();
    throw connected.reason;
  }
  assert.ok(accepted.status === "fulfilled" && connected.value instanceof TLSSocket);
  return [connected.value, accepted.value];
}

/** Whether nothing was taken out of it: from then on the socket answers from memory. */
function isUntouched(socket: NodeTlsSocket): boolean {
  return !Object.hasOwn(socket, "getPeerCertificate");
}

function identity(facts: Minted, certificate: Buffer, sent: readonly Buffer[]): TlsIdentity {
  const privateKey = facts.keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate: [certificate, ...sent].map(pem).join(""), privateKey };
}

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`;
}
