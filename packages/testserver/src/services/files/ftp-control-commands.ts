import { isTestUser } from "../lines/credentials.ts";
import { startTls, startTlsOffer } from "../lines/start-tls.ts";
import { connectForData, type DataOwner, listenForData } from "./ftp-data.ts";
import type { FtpCommand, FtpSession } from "./ftp-session.ts";
import { formatPassive, type FtpAddress, readExtendedPort, readPort } from "./protocol/ftp-address.ts";

/** The commands that are about the connection and who is at its end. */
export const ftpControlCommands = {
  USER: async (session, argument) => {
    Object.assign(session, { name: argument, rights: "none" });
    await session.talk.say("331 and the password?");
  },
  PASS: async (session, argument) => {
    session.rights = rightsOf(session.name, argument);
    await session.talk.say(session.rights === "none" ? "530 these credentials are not right" : "230 welcome");
  },
  AUTH: async (session, argument) => {
    const { talk, terms } = session;
    if (!/^(?:TLS|TLS-C|SSL)$/i.test(argument)) return talk.say("504 there is no such mechanism here");
    if (talk.isSecure) return talk.say("503 TLS is active already");
    const isSecured = await startTls(talk, terms.startTls, {
      goAhead: "234 go ahead",
      refusal: "431 TLS is not available at the moment",
      unknown: "502 there is no such command here",
      injected: ["331 injected", "230 injected"],
    });
    // RFC 4217 section 4: what was known before is forgotten.
    if (isSecured) Object.assign(session, { name: undefined, rights: "none", isPrivate: false });
  },
  PBSZ: ({ talk }) => talk.say(talk.isSecure ? "200 PBSZ=0" : "503 say AUTH TLS first"),
  PROT: async (session, argument) => {
    const { talk } = session;
    if (!talk.isSecure) return talk.say("503 say AUTH TLS first");
    if (!/^[CP]$/i.test(argument)) return talk.say("536 C or P");
    session.isPrivate = /^P$/i.test(argument);
    await talk.say("200 fine");
  },
  FEAT: async ({ talk, terms }) => {
    const tls = startTlsOffer(talk, terms.startTls, "AUTH TLS");
    const features = [...tls, "PBSZ", "PROT", "UTF8", "EPSV", "EPRT", "MDTM", "SIZE", "REST STREAM", "TVFS"];
    await talk.say(
      "211-there is",
      ...features.map((feature) => ` ${feature}`),
      " MLST type*;size*;modify*;perm*;",
      "211 all",
    );
  },
  OPTS: ({ talk }, argument) => talk.say(/^(?:UTF8 ON|MLST.*)$/i.test(argument) ? "200 fine" : "501 no such option"),
  SYST: ({ talk }) => talk.say("215 UNIX Type: L8"),
  TYPE: ({ talk }, argument) => talk.say(/^(?:[AI](?: N)?|L 8)$/i.test(argument) ? "200 fine" : "504 A or I"),
  MODE: ({ talk }, argument) => talk.say(/^S$/i.test(argument) ? "200 fine" : "504 S alone"),
  STRU: ({ talk }, argument) => talk.say(/^F$/i.test(argument) ? "200 fine" : "504 F alone"),
  ALLO: ({ talk }) => talk.say("202 no need to"),
  NOOP: ({ talk }) => talk.say("200 nothing done"),
  HELP: ({ talk }) => talk.say("214 see RFC 959"),
  ABOR: ({ talk }) => talk.say("226 nothing is under way"),
  REIN: async (session) => {
    Object.assign(session, { name: undefined, rights: "none", folder: "/" });
    await session.talk.say("220 forgotten");
  },
  QUIT: ({ talk }) => talk.hangUp("221 good bye"),
  PASV: async (session) => {
    const { host, port } = await listen(session);
    if (host.includes(":")) return session.talk.say("522 say EPSV");
    const told = formatPassive({ host: session.terms.passiveHost ?? host, port });
    await session.talk.say(`227 come to (${told})`);
  },
  EPSV: async (session, argument) => {
    if (/^ALL$/i.test(argument)) return session.talk.say("200 fine");
    const { port } = await listen(session);
    await session.talk.say(`229 come to (|||${port}|)`);
  },
  PORT: (session, argument) => connectTo(session, readPort(argument)),
  EPRT: (session, argument) => connectTo(session, readExtendedPort(argument)),
} as const satisfies Readonly<Record<string, FtpCommand>>;

async function listen(session: FtpSession): Promise<FtpAddress> {
  session.data?.close();
  session.data = await listenForData(ownerOf(session));
  return session.data.address ?? { host: "", port: 0 };
}

// To the client's own host and no port that needs a privilege: others would take the server's word for it. RFC 2577.
async function connectTo(session: FtpSession, address: FtpAddress | undefined): Promise<void> {
  const { talk } = session;
  if (address === undefined) return talk.say("501 that is no address");
  if (address.host !== talk.connection.tcp.remoteAddress || address.port < 1024) {
    return talk.say("504 no connections are made but to yourself");
  }
  session.data?.close();
  session.data = connectForData(address, ownerOf(session));
  await talk.say("200 fine");
}

function ownerOf({ talk, connections }: FtpSession): DataOwner {
  return { control: talk.connection.tcp, connections, signal: talk.signal };
}

/** Lets in whoever is known: the user, and guests as `anonymous` with any password. */
function rightsOf(name: string | undefined, password: string): FtpSession["rights"] {
  if (name !== undefined && isTestUser(name, password)) return "user";
  return name === "anonymous" || name === "ftp" ? "guest" : "none";
}
