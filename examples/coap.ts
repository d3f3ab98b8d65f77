/** A device that speaks CoAP, and who asks it: state that is observed, a body in blocks, and a key that both know. */
import { createHash, randomBytes } from "node:crypto";
import { coapAnswer, coapClient, coapServer, observable, resource } from "@fairlead/iot/coap";
import { loadOpensslTls } from "@fairlead/tls-openssl";

// The device: a temperature, a log of any size, and a place where its settings are written to.
let celsius = 21;
const temperature = observable(() => coapAnswer("Content", String(celsius), { maxAge: 10 }));
const log = randomBytes(50_000);
await using device = coapServer({
  resources: [
    resource("sensors/temp", { rt: "temperature-c", observable: true, get: temperature.handler }),
    // The ETag is what a transfer goes on by, and what tells that the log has changed.
    resource("log", { get: () => coapAnswer("Content", log, { eTag: digest(log).subarray(0, 8) }) }),
    resource("settings", {
      put: ({ payload }, { security }) =>
        security?.type === "psk" && security.identity === "owner"
          ? coapAnswer("Changed", `${payload.length} bytes from ${security.identity}`)
          : coapAnswer("Forbidden", "only the owner may"),
    }),
  ],
});
const { url } = await device.listen({ port: 0 });
const backend = loadOpensslTls();
const key = randomBytes(16);
const psk = (identity: string): Buffer | undefined => (identity === "owner" ? key : undefined);
const secured = await device.listen({ scheme: "coaps", port: 0, dtls: { backend, psk } });

// Who asks.
await using client = coapClient({ dtls: { backend }, onPreSharedKey: () => ({ identity: "owner", key }) });
for (const { target, attributes } of await client.discover(url, { rt: "temperature-*" }))
  console.log(target, attributes);

for await (const state of client.observe(`${url}/sensors/temp`)) {
  console.log(`${state.text()} degrees`);
  if (celsius === 23) break;
  celsius += 1;
  temperature.changed();
}

let blocks = 0;
const onProgress = (): void => {
  blocks += 1;
};
const reply = await client.get(`${url}/log`, { onProgress });
console.log(digest(reply.payload).equals(digest(log)), `in ${blocks} blocks`);

const settings = { body: "x".repeat(3_000) };
const [stranger, owner] = [
  await client.put(`${url}/settings`, settings),
  await client.put(`${secured.url}/settings`, settings),
];
console.log(stranger.code, stranger.text());
console.log(owner.code, owner.text());

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
