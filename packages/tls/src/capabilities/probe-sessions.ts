import type { TlsAcceptOptions, TlsVersion } from "../contract.ts";
import type { TlsCapabilities } from "./capabilities.ts";
import type { Probe } from "./probe-pair.ts";
import { works } from "./trial.ts";

/** Tries what can be done with a session of an earlier connection, with the newest version that works. */
export async function probeSessions(
  probe: Probe,
  versions: readonly TlsVersion[],
): Promise<Pick<TlsCapabilities, "tickets" | "ticketPersistence" | "earlyData">> {
  const version = versions.at(-1);
  if (version === undefined) return { tickets: false, ticketPersistence: false, earlyData: false };
  const { other } = probe.certificates;
  return {
    tickets: await works(() => resumes(probe, version, {})),
    // Another certificate makes another context: nothing that the first server keeps in memory can help.
    ticketPersistence: await works(() => resumes(probe, version, { identity: other })),
    earlyData: version === "TLSv1.3" && (await works(() => takesEarlyData(probe))),
  };
}

async function resumes(probe: Probe, version: TlsVersion, second: Partial<TlsAcceptOptions>): Promise<boolean> {
  const ticketKeys = Buffer.alloc(48, 7);
  const session = await gain(probe, { ticketKeys }, version);
  return probe.over(
    { connect: { session, maxVersion: version }, accept: { ticketKeys, ...second } },
    ({ client, server }) => client.isSessionReused() && server.isSessionReused(),
  );
}

async function takesEarlyData(probe: Probe): Promise<boolean> {
  const accept = { ticketKeys: Buffer.alloc(48, 8), earlyData: { maxBytes: 1_024 } };
  const session = await gain(probe, accept, "TLSv1.3");
  const options = { connect: { session, earlyData: true }, accept, firstWords: "early" };
  return probe.over(options, async ({ client, server, arrives }) => {
    const bytes = await arrives(server);
    await client.handshakeDone;
    return client.earlyData === "accepted" && server.earlyBytes === 5 && bytes.toString() === "early";
  });
}

/** A session of a connection that is closed again, as bytes of their own. */
async function gain(probe: Probe, accept: Partial<TlsAcceptOptions>, maxVersion: TlsVersion): Promise<Uint8Array> {
  const sessions: Uint8Array[] = [];
  const onSession = (session: Uint8Array): void => void sessions.push(Uint8Array.from(session));
  return probe.over({ connect: { onSession, maxVersion }, accept }, async ({ client, server, arrives }) => {
    // TLS 1.3 brings tickets after the handshake, before what the server says next.
    server.write("a");
    await arrives(client);
    const [session] = sessions;
    if (session === undefined) throw new Error("no session came");
    return session;
  });
}
