import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { after, before } from "node:test";

/** A test network for one file, and managers that trust it and find its names. */
export interface NetworkFixture {
  readonly network: TestNetwork;
  /** `http://a.fairlead.test:port` of the listener that speaks both schemes on one port. */
  readonly either: (scheme: "http" | "https", hostName?: string) => string;
  /** Opens a manager; the caller closes it. */
  readonly open: (options?: NetworkAccessManagerOptions) => Promise<NetworkAccessManager>;
}

/** Starts the network before the tests of the file, and ends it after them. */
export function networkFixture(): NetworkFixture {
  let network: TestNetwork | undefined;
  before(async () => {
    network = await startTestNetwork();
  });
  after(async () => {
    await network?.close();
  });
  const started = (): TestNetwork => {
    if (network === undefined) throw new Error("the network starts before the first test");
    return network;
  };
  return {
    get network() {
      return started();
    },
    either: (scheme, hostName = "a.fairlead.test") =>
      `${scheme}://${hostName}:${String(started().service("http-or-https").port)}`,
    open: (options = {}) => {
      const { ca, lookup } = started();
      return openNetworkAccessManager({
        lookup,
        ...options,
        tls: { trust: { type: "anchors", certificates: [ca.certificate] }, ...options.tls },
      });
    },
  };
}
