import { resolveByDns } from "@fairlead/access";
import { joinFamilies, type FamilyAnswer } from "../../src/names/resolve-by-dns.ts";
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "node:test";

const six: FamilyAnswer = { records: [{ address: "2001:db8::1", ttl: 60 }] };
const four: FamilyAnswer = { records: [{ address: "192.0.2.1", ttl: 30 }] };
const nothing: FamilyAnswer = { records: [], error: Object.assign(new Error("none"), { code: "ENODATA" }) };
const never = new Promise<FamilyAnswer>(() => undefined);
const now = (answer: FamilyAnswer): Promise<FamilyAnswer> => Promise.resolve(answer);

test("RFC 8305 3: both families come together, IPv6 first, for the shorter time", async () => {
  const expected = { addresses: ["2001:db8::1", "192.0.2.1"], ttlSeconds: 30 };
  assert.deepEqual(await joinFamilies(now(six), now(four), 1_000), expected);
});

test("RFC 8305 3: one family is not held up by the other for longer than the delay", async () => {
  assert.deepEqual(await joinFamilies(never, now(four), 1), { addresses: ["192.0.2.1"], ttlSeconds: 30 });
  assert.deepEqual(await joinFamilies(now(six), never, 1), { addresses: ["2001:db8::1"], ttlSeconds: 60 });
});

test("a family that has no address is no reason to hurry, and no reason to fail", async () => {
  const late = Promise.withResolvers<FamilyAnswer>();
  const joined = joinFamilies(now(nothing), late.promise, 0);
  setImmediate(() => late.resolve(four));
  assert.deepEqual(await joined, { addresses: ["192.0.2.1"], ttlSeconds: 30 });
  await assert.rejects(joinFamilies(now(nothing), now(nothing), 0), { code: "ENODATA" });
});

test("a name server is asked for both families, and tells how long the answers are good for", async () => {
  const server = createSocket("udp4");
  const types: number[] = [];
  server.on("message", (query, { port, address }) => {
    const type = query.readUInt16BE(query.indexOf(0, 12) + 1);
    types.push(type);
    const data = type === 28 ? Buffer.from("20010db8000000000000000000000001", "hex") : Buffer.of(192, 0, 2, 1);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(type === 28 ? 60 : 30, 6);
    record.writeUInt16BE(data.length, 10);
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const head = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    server.send(Buffer.concat([head, question, record, data]), port, address);
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  const resolve = resolveByDns({ servers: [`127.0.0.1:${String(server.address().port)}`] });
  assert.deepEqual(await resolve("a.example"), { addresses: ["2001:db8::1", "192.0.2.1"], ttlSeconds: 30 });
  assert.deepEqual(types.sort(), [1, 28]);
  server.close();
});

test("what belongs to this machine is asked of it", async () => {
  const resolve = resolveByDns({ servers: ["127.0.0.1:9"] });
  const { addresses } = await resolve("localhost");
  assert.ok(addresses.includes("127.0.0.1") || addresses.includes("::1"));
});
