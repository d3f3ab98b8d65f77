import { ntlm, openNetworkAccessManager, type NetworkAccessManagerOptions } from "@fairlead/access";
import { inspect, type Inspection, Questions } from "@fairlead/console";
import type { TestNetwork } from "@fairlead/testserver";
import type { TlsIdentity, TlsTrust } from "@fairlead/tls";
import { getCACertificates } from "node:tls";
import type { Surroundings } from "../command.ts";
import { lookUpFirstIn } from "../get/resolve.ts";
import { loadTlsBackend } from "../get/tls-backend.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import { readIdentityFiles } from "../identity-files.ts";
import { openChosen } from "../store/open.ts";
import { Closing } from "./closing.ts";
import type { ManagerPlan } from "./plan.ts";

/** A manager that is looked at, and all that it stands on. */
export interface OpenedConsole extends AsyncDisposable {
  readonly inspection: Inspection;
}

/** Opens the console's own manager, with the test network where that is wanted. */
export async function openConsole(plan: ManagerPlan, surroundings: Surroundings): Promise<OpenedConsole> {
  const opened = new Closing();
  try {
    return {
      inspection: await open(plan, surroundings, opened),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(plan: ManagerPlan, surroundings: Surroundings, opening: Closing): Promise<Inspection> {
  const network = plan.hasTestNetwork ? opening.use(await startNetwork()) : undefined;
  const trust = plan.anchorsFile === undefined ? undefined : await readTrustAnchors(plan.anchorsFile);
  const backend = plan.tlsBackend === undefined ? undefined : await loadTlsBackend(plan.tlsBackend);
  const identities = await identitiesOf(plan, network);
  const store = opening.use(await openChosen(plan.store, surroundings));
  const questions = new Questions({ identities });
  const trusted = network === undefined ? trust : withAuthority(trust, network);
  const manager = await openNetworkAccessManager({
    store,
    ...questions.handlers,
    ...plan.route,
    authentication: { connectionBound: [ntlm] },
    lookup: lookUp(plan, network),
    tls: {
      ...(trusted && { trust: trusted }),
      ...(backend && { backend }),
      intermediates: { fetchMissing: plan.fetchIntermediates },
    },
  });
  // Not `close()`, which waits for what is under way.
  opening.defer(() => manager.destroy());
  return opening.use(
    inspect(manager, {
      name: "fairlead console",
      questions,
      downloadFolder: plan.downloadFolder,
      ...(network && { testNetwork: () => Promise.resolve(network) }),
      ...(plan.url !== undefined && { firstUrl: plan.url }),
      dangerous: { secrets: plan.showsSecrets },
    }),
  );
}

async function startNetwork(): Promise<TestNetwork> {
  const { startTestNetwork } = await import("@fairlead/testserver");
  return startTestNetwork({ faultsOnOpenConnections: true });
}

/** What was trusted before, and the network's authority. */
function withAuthority(trust: TlsTrust | undefined, { ca }: TestNetwork): TlsTrust {
  const before = trust?.type === "anchors" ? trust.certificates : getCACertificates("default");
  return { type: "anchors", certificates: [...before, ca.certificate] };
}

/** One that the user has, and one that the test network's services let in. */
async function identitiesOf(plan: ManagerPlan, network: TestNetwork | undefined): Promise<readonly TlsIdentity[]> {
  const own = plan.clientIdentity === undefined ? [] : [await readIdentityFiles(plan.clientIdentity)];
  if (network === undefined) return own;
  const { mintCertificate } = await import("@fairlead/testserver/authority");
  return [...own, await mintCertificate({ issuer: network.ca, names: ["client.fairlead.test"], usage: "client" })];
}

/** Names of the test network lead there, whatever a name server says. */
function lookUp(
  { addresses }: ManagerPlan,
  network: TestNetwork | undefined,
): NonNullable<NetworkAccessManagerOptions["lookup"]> {
  const others = lookUpFirstIn(addresses);
  if (network === undefined) return others;
  return (hostname, options, callback) => {
    const isOurs = /(?:^|\.)(?:fairlead|other)\.test\.?$/i.test(hostname) && !addresses.has(hostname.toLowerCase());
    if (isOurs) network.lookup(hostname, options, callback);
    else others(hostname, options, callback);
  };
}
