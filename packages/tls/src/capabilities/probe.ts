import type { TlsBackend, TlsCipher, TlsGroup, TlsVersion } from "../contract.ts";
import { tlsCiphers, tlsGroups } from "../protocol/algorithms.ts";
import type { TlsCapabilities } from "./capabilities.ts";
import { probeCertificates } from "./probe-certificates.ts";
import { securesDatagrams } from "./probe-datagrams.ts";
import { probeOf, type Probe } from "./probe-pair.ts";
import { probeSessions } from "./probe-sessions.ts";
import { those, works } from "./trial.ts";

/**
 * Tries a backend with itself over streams in memory. Whatever fails is what it cannot do; never rejects. A trial
 * may take `deadlineMilliseconds`: in memory a handshake takes some.
 */
export async function probeCapabilities(backend: TlsBackend, deadlineMilliseconds = 2_000): Promise<TlsCapabilities> {
  const probe = probeOf(backend, probeCertificates(), deadlineMilliseconds);
  const versions = await those(["TLSv1.2", "TLSv1.3"] as const, (version) => speaks(probe, version));
  // Then nothing else can work.
  if (versions.length === 0) return nothing;
  return {
    versions,
    ...(await probeSessions(probe, versions)),
    alpn: await works(() => choosesProtocol(probe)),
    exporter: await works(() => exportsKeys(probe)),
    psk: await works(() => sharesKey(probe)),
    clientCertificates: await works(() => asksClients(probe)),
    clientCertificateQuestion: await works(() => asksForIdentity(probe)),
    identityQuestion: await works(() => choosesIdentity(probe)),
    ocspStapling: await works(() => staples(probe)),
    keyUpdate: await works(() => updatesKeys(probe)),
    keyLog: await works(() => logsKeys(probe)),
    dtls: await works(() => securesDatagrams(probe)),
    groups: (await works(() => insistsOnGroup(probe))) ? await those(tlsGroups, (group) => agreesOn(probe, group)) : [],
    ciphers: await those(tlsCiphers, (cipher) => encryptsWith(probe, cipher)),
  };
}

const nothing: TlsCapabilities = {
  versions: [],
  alpn: false,
  tickets: false,
  ticketPersistence: false,
  earlyData: false,
  exporter: false,
  psk: false,
  clientCertificates: false,
  clientCertificateQuestion: false,
  identityQuestion: false,
  ocspStapling: false,
  keyUpdate: false,
  keyLog: false,
  dtls: false,
  groups: [],
  ciphers: [],
};

/** A handshake, and a byte each way. */
async function speaks(probe: Probe, version: TlsVersion): Promise<boolean> {
  const options = { minVersion: version, maxVersion: version };
  return probe.over({ connect: options, accept: options }, async ({ client, server, arrives }) => {
    client.write("a");
    const first = await arrives(server);
    server.write("b");
    return client.getProtocol() === version && `${first.toString()}${(await arrives(client)).toString()}` === "ab";
  });
}

async function choosesProtocol(probe: Probe): Promise<boolean> {
  return probe.over(
    { connect: { alpnProtocols: ["other", "probe"] }, accept: { alpnProtocols: ["probe"] } },
    ({ client, server }) => client.alpnProtocol === "probe" && server.alpnProtocol === "probe",
  );
}

async function exportsKeys(probe: Probe): Promise<boolean> {
  return probe.over({}, ({ client, server }) => {
    const [near, far] = [client, server].map((socket) => socket.exportKeyingMaterial(32, "EXPORTER-fairlead-probe"));
    return near?.length === 32 && far?.equals(near) === true;
  });
}

async function sharesKey(probe: Probe): Promise<boolean> {
  const identity = "probe";
  const key = Buffer.alloc(32, 7);
  return probe.over(
    {
      connect: { psk: { identity, key } },
      accept: { psk: (name) => (name === identity ? key : undefined), identity: undefined },
    },
    ({ client }) => client.getPeerX509Certificate() === undefined,
  );
}

async function asksClients(probe: Probe): Promise<boolean> {
  const { identity, trust } = probe.certificates;
  return probe.over(
    { connect: { identity }, accept: { clientCertificates: { trust, required: true } } },
    ({ server }) => server.authorized && server.getPeerX509Certificate() !== undefined,
  );
}

async function asksForIdentity(probe: Probe): Promise<boolean> {
  const { identity, trust } = probe.certificates;
  let authorities = 0;
  const onClientCertificate: NonNullable<Parameters<TlsBackend["connect"]>[1]["onClientCertificate"]> = (request) => {
    authorities = request.authorities.length;
    return Promise.resolve(identity);
  };
  return probe.over(
    { connect: { onClientCertificate }, accept: { clientCertificates: { trust, required: true } } },
    async ({ client, server, arrives }) => {
      client.write("a");
      await arrives(server);
      return authorities === 1 && server.getPeerX509Certificate() !== undefined;
    },
  );
}

async function choosesIdentity(probe: Probe): Promise<boolean> {
  const { host, identity, other } = probe.certificates;
  return probe.over(
    { accept: { identity: (hello) => Promise.resolve(hello.serverName === host ? other : identity) } },
    ({ client }) => client.getPeerX509Certificate()?.toString() === other.certificate,
  );
}

async function staples(probe: Probe): Promise<boolean> {
  const { identity, ocspResponse } = probe.certificates;
  return probe.over({ accept: { identity: { ...identity, ocspResponse } } }, ({ client }) => {
    return client.stapledOcspResponse !== undefined && Buffer.compare(client.stapledOcspResponse, ocspResponse) === 0;
  });
}

async function updatesKeys(probe: Probe): Promise<boolean> {
  return probe.over({}, async ({ client, server, arrives }) => {
    client.updateKeys();
    client.write("a");
    await arrives(server);
    server.write("b");
    return (await arrives(client)).toString() === "b";
  });
}

async function logsKeys(probe: Probe): Promise<boolean> {
  const lines: string[] = [];
  const dangerous = { onKeyLog: (line: string) => void lines.push(line) };
  return probe.over({ connect: { dangerous } }, () => lines.some((line) => /^[A-Z0-9_]+ [0-9a-f]{64} /.test(line)));
}

/** An option that is ignored would make every group work. */
async function insistsOnGroup(probe: Probe): Promise<boolean> {
  const differ = { connect: { groups: ["x25519"] }, accept: { groups: ["secp256r1"] } } as const;
  return !(await works(() => probe.over(differ, () => true)));
}

async function agreesOn(probe: Probe, group: TlsGroup): Promise<boolean> {
  const groups = [group];
  return probe.over({ connect: { groups }, accept: { groups } }, () => true);
}

async function encryptsWith(probe: Probe, cipher: TlsCipher): Promise<boolean> {
  const ciphers = [cipher];
  return probe.over({ connect: { ciphers }, accept: { ciphers } }, ({ client }) =>
    client.getCipher().standardName.includes(cipher),
  );
}
