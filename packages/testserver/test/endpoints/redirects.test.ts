import assert from "node:assert/strict";
import { redirectFamily } from "../../src/endpoints/redirects.ts";
import { describeFamily, type Peer } from "./describe-family.ts";

describeFamily(redirectFamily, {
  "/redirect/:code?to=URL": async ({ get }) => {
    for (const code of [301, 302, 303, 307, 308]) {
      const response = await get(`/redirect/${code}?to=https%3A%2F%2Fother.test%2Fa%3Fb%3D1%23c`);
      assert.equal(response.status, code);
      assert.deepEqual(response.field("location"), ["https://other.test/a?b=1#c"]);
    }
    assert.deepEqual((await get("/redirect/302?to=%2F%C3%A9")).field("location"), ["/\xc3\xa9"]);
  },
  "/redirect/chain/:n?code=302": async ({ get }) => {
    const hops = await walk(get, "/redirect/chain/3?code=307", 10);
    assert.deepEqual(hops, [
      "307 /redirect/chain/3?code=307",
      "307 /redirect/chain/2?code=307",
      "307 /redirect/chain/1?code=307",
      "200 /redirect/chain/0?code=307",
    ]);
  },
  "/redirect/loop/:n?code=302": async ({ get }) => {
    const hops = await walk(get, "/redirect/loop/3", 4);
    assert.deepEqual(hops, [
      "302 /redirect/loop/3",
      "302 /redirect/loop/3?at=1",
      "302 /redirect/loop/3?at=2",
      "302 /redirect/loop/3",
    ]);
  },
  "/redirect/self?code=302": async ({ get }) => {
    assert.deepEqual((await get("/redirect/self?code=308")).field("location"), ["/redirect/self?code=308"]);
  },
  "/redirect/:code/same-origin?path=/echo": async (peer) => {
    assert.equal(await target(peer, "same-origin", "localhost:1"), `${peer.scheme}://localhost:1/echo`);
  },
  "/redirect/:code/same-site?path=/echo": async (peer) => {
    assert.equal(await target(peer, "same-site", "fairlead.test:1"), `${peer.scheme}://a.fairlead.test:1/echo`);
    assert.equal(await target(peer, "same-site", "a.fairlead.test:1"), `${peer.scheme}://b.fairlead.test:1/echo`);
  },
  "/redirect/:code/cross-site?path=/echo": async (peer) => {
    assert.equal(await target(peer, "cross-site", "a.fairlead.test:1"), `${peer.scheme}://other.test:1/echo`);
    assert.equal(await target(peer, "cross-site", "x.other.test:1"), `${peer.scheme}://fairlead.test:1/echo`);
  },
  "/redirect/:code/http?path=/echo": async (peer) => {
    assert.equal(await target(peer, "http", "localhost:1"), `${peer.network.http.origin}/echo`);
  },
  "/redirect/:code/https?path=/echo": async (peer) => {
    assert.equal(await target(peer, "https", "localhost:1"), `${peer.network.https.origin}/echo`);
  },
});

/** Where a redirect leads that is asked for with this Host. */
async function target({ get }: Peer, name: string, host: string): Promise<string | undefined> {
  const response = await get(`/redirect/307/${name}`, [`Host: ${host}`]);
  assert.equal(response.status, 307);
  return response.field("location")[0];
}

/** Follows at most `limit` requests and lists each as status and target. */
async function walk(get: Peer["get"], start: string, limit: number): Promise<readonly string[]> {
  const hops: string[] = [];
  for (let next: string | undefined = start; next !== undefined && hops.length < limit; ) {
    const response = await get(next);
    hops.push(`${response.status} ${next}`);
    next = response.field("location")[0];
  }
  return hops;
}
