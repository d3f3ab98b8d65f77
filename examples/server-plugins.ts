/** A server that asks who comes, keeps what it may answer again, and counts. */
import { serve } from "@fairlead/server";
import { authentication, userOf } from "./plugins/authentication.ts";
import { caching } from "./plugins/caching.ts";
import { metrics } from "./plugins/metrics.ts";

let asked = 0;
await using server = await serve({
  plugins: [metrics(), authentication({ realm: "example", tokens: { "a secret": "ada", s3cret: "bob" } }), caching()],
  fetch(request) {
    asked += 1;
    console.log("asked by", userOf(request));
    return Response.json({ hello: "everybody" }, { headers: { "cache-control": "public, max-age=60" } });
  },
});
const url = server.url ?? "";
const headers = { authorization: "Bearer s3cret" };
console.log((await fetch(url)).status);
for (let count = 0; count < 2; count += 1) console.log(await (await fetch(url, { headers })).text());
console.log(`the handler was asked ${asked} times`);
console.log(await (await fetch(`${url}/metrics`)).text());
