import { ntlm, type NetworkAccessManagerOptions } from "@fairlead/access";
import { inspect, type Inspection, ManagerSettings, Questions } from "@fairlead/console";
import type { TestNetwork } from "@fairlead/testserver";
import type { TlsIdentity, TlsTrust } from "@fairlead/tls";
import type { KeyLogFile } from "@fairlead/tls/sockets";
import { getCACertificates } from "node:tls";
import type { Surroundings } from "../command.ts";
import { lookUpFirstIn } from "../get/resolve.ts";
import { openKeyLog } from "../get/key-log.ts";
import { loadTlsBackend, tlsBackendName, type TlsBackendName, tlsBackendNames } from "../get/tls-backend.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import { readIdentityFiles } from "../identity-files.ts";
import { Closing } from "./closing.ts";
import { ConsoleStores, givenStore } from "./console-stores.ts";
import { ManagerSuccession } from "./manager-succession.ts";
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
  const anchors = plan.anchorsFile === undefined ? undefined : (await readTrustAnchors(plan.anchorsFile)).certificates;
  const backend = plan.tlsBackend === undefined ? undefined : await loadTlsBackend(plan.tlsBackend);
  const identities = await identitiesOf(plan, network);
  const questions = new Questions({ identities });
  const stores = opening.use(new ConsoleStores(plan.store, surroundings));
  const managers = opening.use(new ManagerSuccession());
  const { onClientCertificate, ...handlers } = questions.handlers;
  const always = { ...handlers, ...plan.route, lookup: lookUp(plan, network) };
  const manager = await managers.open({
    ...always,
    onClientCertificate,
    store: await stores.open(givenStore),
    authentication: { connectionBound: [ntlm] },
    tls: {
      ...trustOf(anchors, network),
      ...(backend && { backend }),
      intermediates: { fetchMissing: plan.fetchIntermediates },
    },
  });
  const settings = new ManagerSettings({
    backends: backendsFrom(plan.tlsBackend ?? "node"),
    loadBackend: (name) => loadTlsBackend(tlsBackendName(name)),
    authorities: anchors ?? [],
    alsoTrusted: network === undefined ? [] : [network.ca.certificate],
    identities,
    stores: await stores.offered(),
    fetchIntermediates: plan.fetchIntermediates,
    openKeyLog: keyLogOf(surroundings, opening),
    open: async ({ proxy, authentication, ...chosen }, { store, tls }) => {
      const next = await managers.open({
        ...always,
        ...(tls.identity.type === "ask" && { onClientCertificate }),
        ...chosen,
        // What the program was started with stays where nothing else was chosen.
        ...(proxy !== "environment" && proxy !== undefined && { proxy }),
        authentication: { ...authentication, connectionBound: [ntlm] },
        store: await stores.open(store),
      });
      inspection.follow(next);
      managers.retireOthers(next);
    },
  });
  const inspection = opening.use(
    inspect(manager, {
      name: "fairlead console",
      questions,
      settings,
      downloadFolder: plan.downloadFolder,
      ...(network && { testNetwork: () => Promise.resolve(network) }),
      ...(plan.url !== undefined && { firstUrl: plan.url }),
      dangerous: { secrets: plan.showsSecrets },
    }),
  );
  return inspection;
}

/** The one that was asked for comes first. */
function backendsFrom(first: TlsBackendName): readonly [string, ...string[]] {
  return [first, ...tlsBackendNames.filter((name) => name !== first)];
}

/** The variable alone writes nothing: somebody has to choose it. */
function keyLogOf({ env }: Surroundings, opening: Closing): (() => KeyLogFile["onKeyLog"]) | undefined {
  if ((env["SSLKEYLOGFILE"] ?? "") === "") return undefined;
  let file: KeyLogFile | undefined;
  return () => {
    if (file === undefined) {
      const opened = openKeyLog(env);
      opening.defer(async () => opened.close());
      file = opened;
    }
    return file.onKeyLog;
  };
}

async function startNetwork(): Promise<TestNetwork> {
  const { startTestNetwork } = await import("@fairlead/testserver");
  return startTestNetwork({ faultsOnOpenConnections: true });
}

/** The authorities of a file, or the usual ones; and the network's. */
function trustOf(
  anchors: readonly string[] | undefined,
  network: TestNetwork | undefined,
): { readonly trust?: TlsTrust } {
  if (network === undefined) return anchors === undefined ? {} : { trust: { type: "anchors", certificates: anchors } };
  const certificates = [...(anchors ?? getCACertificates("default")), network.ca.certificate];
  return { trust: { type: "anchors", certificates } };
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
