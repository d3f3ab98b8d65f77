import { sessionFacts } from "@fairlead/tls";
import type { Store } from "@fairlead/store";

/** All that a store holds, as text: keys, values, and the certificates of tickets. */
export function contents(store: Store): string {
  return store
    .collectionNames()
    .flatMap((name) =>
      Array.from(store.collection(name, { maxEntries: 100_000, secret: true }).entries(), ({ key, value }) => {
        const certificate = name === "tls-tickets" ? sessionFacts(value)?.peerCertificate : undefined;
        const texts = [key, Buffer.from(value).toString("latin1"), Buffer.from(certificate ?? []).toString("latin1")];
        return JSON.stringify(`${name} ${texts.join(" ")}`);
      }),
    )
    .join("\n");
}
