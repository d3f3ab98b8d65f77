import type { OscoreContext, OscoreParameters } from "@fairlead/iot/coap";
import { openOscoreContext } from "@fairlead/iot/coap";
import { openStore, type Store } from "@fairlead/store";

/** Bytes of hexadecimal. */
export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** What the client of a pair has by default. */
export const clientParameters: OscoreParameters = {
  masterSecret: hex("0102030405060708090a0b0c0d0e0f10"),
  masterSalt: hex("9e7ca92223786340"),
  senderId: hex("01"),
  recipientId: hex("02"),
};

/** What the other end of a context has. */
export const turned = (parameters: OscoreParameters): OscoreParameters => ({
  ...parameters,
  senderId: parameters.recipientId,
  recipientId: parameters.senderId,
});

/** Both ends of a context, and the store of each. */
export interface ContextPair {
  readonly client: OscoreContext;
  readonly server: OscoreContext;
  readonly clientStore: Store;
  readonly serverStore: Store;
}

/** Opens both ends of a context in memory. */
export async function contextPair(changes: Partial<OscoreParameters> = {}): Promise<ContextPair> {
  const parameters = { ...clientParameters, ...changes };
  const clientStore = await openStore("memory:");
  const serverStore = await openStore("memory:");
  return {
    client: await openOscoreContext(parameters, { store: clientStore }),
    server: await openOscoreContext(turned(parameters), { store: serverStore }),
    ...{ clientStore, serverStore },
  };
}
