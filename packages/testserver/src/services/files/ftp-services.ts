import { once } from "node:events";
import { createServer } from "node:net";
import { lineService } from "../lines/line-service.ts";
import { startTlsServices } from "../lines/start-tls-services.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { bind } from "../../gate/bind.ts";
import { serveFtp } from "./ftp.ts";
import type { FtpTerms } from "./ftp-session.ts";
import { ftpControlCommands } from "./ftp-control-commands.ts";
import { ftpTransferCommands } from "./ftp-transfer-commands.ts";
import { sendAll, transfer } from "./ftp-transfer.ts";
import { formatPassive } from "./protocol/ftp-address.ts";

const secured = "curl --ssl-reqd --cacert {ca} --user user:pass {origin}/README.txt";

/** FTP, right and wrong. */
export const ftpServices = [
  ftp({
    name: "ftp",
    does: "serves files by FTP with AUTH TLS, to guests for reading and to user, pass for writing too",
    example: "curl {origin}/",
  }),
  lineService({
    ...{ name: "ftps", scheme: "ftps", tls: "first", serve: serve({ startTls: "right" }) },
    does: "serves files by FTP over TLS from the first byte",
    example: "curl --cacert {ca} --user user:pass {origin}/README.txt",
  }),
  ...startTlsServices({
    ...{ protocol: "ftp", command: "AUTH TLS", example: secured },
    serve: (startTls) => serve({ startTls }),
  }),
  ftp({
    name: "ftp-tls-required",
    does: "refuses names in FTP before AUTH TLS with 530",
    example: secured,
    terms: {
      commands: {
        USER: (session, argument) =>
          session.talk.isSecure
            ? ftpControlCommands.USER(session, argument)
            : session.talk.say("530 say AUTH TLS first"),
      },
    },
  }),
  ftp({
    name: "ftp-private-required",
    does: "refuses FTP data connections without TLS with 521 (RFC 4217 section 10.2)",
    example: secured,
    terms: {
      commands: {
        RETR: (session, argument) =>
          session.isPrivate
            ? ftpTransferCommands.RETR(session, argument)
            : session.talk.say("521 say PROT P first, data goes over TLS alone"),
      },
    },
  }),
  ftp({
    name: "ftp-resumption-required",
    does: "refuses FTP data connections that don't resume the control connection's TLS session with 522",
    example: secured,
    terms: { needsResumption: true },
  }),
  ftp({
    name: "ftp-data-clear",
    does: "promises TLS for FTP data connections and sends files in the clear",
    example: secured,
    terms: { forgetsTls: true },
  }),
  ftp({
    name: "ftp-data-wrong-address",
    does: "tells FTP clients to fetch data from 192.0.2.1: who has wits goes to the server's own address",
    example: "curl --disable-epsv {origin}/README.txt",
    terms: { passiveHost: "192.0.2.1" },
  }),
  ftp({
    name: "ftp-data-refused",
    does: "tells FTP clients to fetch data from a port where nobody listens",
    terms: {
      commands: {
        EPSV: async ({ talk }) => {
          await talk.say(`229 come to (|||${await closedPort()}|)`);
        },
        PASV: async ({ talk }) => {
          await talk.say(`227 come to (${formatPassive({ host: "127.0.0.1", port: await closedPort() })})`);
        },
      },
    },
  }),
  ftp({
    name: "ftp-data-stall",
    does: "sends half of a file by FTP and then nothing",
    terms: {
      sendFile: async (data, bytes, { talk }) => {
        data.write(bytes.subarray(0, bytes.length / 2));
        return talk.stall();
      },
    },
  }),
  ftp({
    name: "ftp-data-reset",
    does: "sends half of a file by FTP, resets the data connection and says so with 426",
    terms: {
      sendFile: (data, bytes) =>
        new Promise((resolve) => {
          data.write(bytes.subarray(0, bytes.length / 2), () => {
            data.resetAndDestroy();
            resolve("426 the data connection broke");
          });
        }),
    },
  }),
  ftp({
    name: "ftp-data-short",
    does: "sends half of a file by FTP, closes in good order and says that it was all",
    terms: { sendFile: (data, bytes, session) => sendAll(data, bytes.subarray(0, bytes.length / 2), session) },
  }),
  ftp({
    name: "ftp-no-answer",
    does: "sends a whole file by FTP and hangs up without the 226 that says so",
    terms: {
      sendFile: async (data, bytes, session) => {
        await sendAll(data, bytes, session);
        return session.talk.hangUp();
      },
    },
  }),
  ftp({
    name: "ftp-full",
    does: "takes the bytes of every file by FTP, and refuses it afterwards with 552",
    terms: {
      commands: {
        STOR: (session) =>
          transfer(session, async (data) => {
            data.resume();
            await once(data, "end");
            data.end();
            return "552 there is no room for it";
          }),
      },
    },
  }),
  ftp({
    name: "ftp-old",
    does: "speaks the FTP of 1985: PASV and LIST, no EPSV, MLSD, SIZE, FEAT or AUTH",
    terms: {
      startTls: "absent",
      commands: Object.fromEntries(
        ["EPSV", "EPRT", "MLSD", "MLST", "SIZE", "MDTM", "FEAT", "OPTS", "AUTH", "PBSZ", "PROT", "REST"].map((name) => [
          name,
          ({ talk }) => talk.say("502 there is no such command here"),
        ]),
      ),
    },
  }),
  ftp({
    name: "ftp-hostile-names",
    does: "lists FTP files called ../../above, /absolute and C:\\drive: who mirrors must stay in its folder",
    terms: {
      commands: {
        LIST: (session) => sendNames(session, (name) => `-rw-r--r-- 1 ftp ftp 6 Jan 01 00:00 ${name}`),
        MLSD: (session) => sendNames(session, (name) => `type=file;size=6;modify=20260101000000; ${name}`),
        NLST: (session) => sendNames(session, (name) => name),
        RETR: (session) => transfer(session, (data) => sendAll(data, Buffer.from("above\n"), session)),
      },
    },
  }),
  ftp({
    name: "ftp-long-greeting",
    does: "greets FTP clients with many lines, some of which look like the last",
    terms: { greeting: ["220-first", " 220 this is not the last", "220-nor this", "220 the last"] },
  }),
  ftp({
    name: "ftp-421",
    does: "greets FTP clients with 421 and hangs up",
    terms: { greeting: ["421 too many clients"], turnsAway: true },
  }),
] as const;

interface FtpServiceTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly example?: string;
  readonly terms?: Partial<FtpTerms>;
}

function ftp<const Name extends string>({ terms, example, ...rest }: FtpServiceTerms<Name>): StreamServiceEntry<Name> {
  return lineService({
    ...{ ...rest, scheme: "ftp", example: example ?? "curl {origin}/README.txt" },
    serve: serve({ startTls: "right", ...terms }),
  });
}

function serve(terms: FtpTerms): Parameters<typeof lineService>[0]["serve"] {
  return (network, { connections }) =>
    (talk) =>
      serveFtp(talk, network.files, connections, terms);
}

function sendNames(session: Parameters<typeof transfer>[0], tell: (name: string) => string): Promise<void> {
  const names = ["../../above", "/absolute", "C:\\drive", "..", "fine.txt"];
  const lines = names.map((name) => `${tell(name)}\r\n`).join("");
  return transfer(session, (data) => sendAll(data, Buffer.from(lines), session));
}

/** A port that was the system's choice, and that nobody has any longer. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const { port } = await bind(server, "127.0.0.1", 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
