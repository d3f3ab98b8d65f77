/** A fresh process that fetches one URL by one of the sides, and prints how old it was when it had the body. */
const [side = "", url = "", store = "", ca = ""] = process.argv.slice(2);
const response = await begin();
await response.text();
console.log(JSON.stringify({ milliseconds: performance.now() }));
process.exit();

async function begin() {
  if (side === "undici.fetch") {
    const { Agent, fetch } = await import("undici");
    return fetch(url, { dispatcher: new Agent({ connect: { ca } }) });
  }
  const { openNetworkAccessManager } = await import("fairlead");
  const trust = { type: "anchors", certificates: [ca] };
  const tls = side === "openssl" ? { backend: await openssl(), trust, earlyData: true } : { trust };
  const manager = await openNetworkAccessManager({ store, tls });
  const answer = await manager.fetch(url);
  if (process.env.BENCH_TEACHES !== undefined) {
    await answer.text();
    await manager.close();
    process.exit();
  }
  return answer;
}

async function openssl() {
  const { loadOpensslTls } = await import("@fairlead/tls-openssl");
  return loadOpensslTls();
}
