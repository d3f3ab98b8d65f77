import { mintCertificate } from "../../authority/authority.ts";
import { lineService } from "../lines/line-service.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { servePostgres } from "./postgres.ts";
import { type PostgresTerms, turnAway } from "./postgres-session.ts";

type LineTerms = Parameters<typeof lineService>[0];

/** Databases: enough of PostgreSQL to connect, to be let in, and to ask what time it is. */
export const databaseServices = serviceFamily("databases", "speak the protocol of PostgreSQL", [
  postgres({
    name: "postgres",
    does: "speaks PostgreSQL with TLS, on request or from the first byte, and SCRAM with channel binding; user, pass",
  }),
  postgres({
    name: "postgres-direct-tls",
    does: "speaks PostgreSQL over TLS from the first byte alone, with ALPN postgresql (PostgreSQL 17)",
    example:
      "psql 'host=localhost port={port} user=user password=pass sslnegotiation=direct sslmode=verify-full sslrootcert={ca}'",
    terms: { directTlsAlone: true },
  }),
  postgres({
    name: "postgres-no-tls",
    does: "speaks PostgreSQL and answers SSLRequest with N",
    terms: { tls: "refused" },
  }),
  postgres({
    name: "postgres-tls-error",
    does: "answers PostgreSQL's SSLRequest with an error in the clear, which nobody should believe (CVE-2024-10977)",
    terms: { tls: "error" },
  }),
  postgres({
    name: "postgres-tls-injection",
    does: "sends PostgreSQL messages in the clear behind the S that TLS should follow (CVE-2021-23222)",
    terms: { tls: "injected" },
  }),
  postgres({
    name: "postgres-tls-keeps-early",
    does: "takes PostgreSQL messages sent in the clear behind SSLRequest as if over TLS (CVE-2021-23214)",
    terms: { tls: "keeps-early" },
  }),
  postgres({
    name: "postgres-tls-plain",
    does: "answers PostgreSQL's SSLRequest with S and hangs up at the handshake",
    terms: { tls: "plain" },
  }),
  postgres({
    name: "postgres-tls-stall",
    does: "answers PostgreSQL's SSLRequest with S and never shakes hands",
    terms: { tls: "stalled" },
  }),
  postgres({
    name: "postgres-tls-wrong-host",
    does: "speaks PostgreSQL with a certificate for elsewhere.invalid",
    mint: ({ authorities: { intermediate }, clock }) =>
      mintCertificate({ issuer: intermediate, names: ["elsewhere.invalid"], now: clock.now() }),
  }),
  postgres({
    name: "postgres-trust",
    does: "lets PostgreSQL clients in without a password",
    terms: { authentication: "trust" },
  }),
  postgres({
    name: "postgres-password",
    does: "asks PostgreSQL clients for the password in clear text, over TLS or not",
    terms: { authentication: "password" },
  }),
  postgres({
    name: "postgres-md5",
    does: "asks PostgreSQL clients for the password by MD5",
    terms: { authentication: "md5" },
  }),
  postgres({
    name: "postgres-unknown-authentication",
    does: "asks PostgreSQL clients for an authentication of type 99",
    terms: { authentication: "unknown" },
  }),
  postgres({
    name: "postgres-lying-scram",
    does: "lets PostgreSQL clients in by SCRAM without knowing the password: its signature is wrong",
    terms: { authentication: "lying-scram" },
  }),
  postgres({
    name: "postgres-starting",
    does: "turns PostgreSQL clients away with 57P03: it is still starting",
    terms: { turnsAway: { code: "57P03", message: "the database system is starting up" } },
  }),
  postgres({
    name: "postgres-too-many",
    does: "turns PostgreSQL clients away with 53300: there are too many",
    terms: { turnsAway: { code: "53300", message: "sorry, too many clients already" } },
  }),
  postgres({
    name: "postgres-shutdown",
    does: "ends PostgreSQL connections at the first query with 57P01: the administrator wants it so",
    terms: {
      onQuery: (session) =>
        turnAway(session, { code: "57P01", message: "terminating connection due to administrator command" }),
    },
  }),
  postgres({
    name: "postgres-cut",
    does: "hangs up on PostgreSQL clients in the middle of a row",
    terms: {
      onQuery: async ({ talk }) => {
        await talk.send(Buffer.from("T\0\0\0\x19\0\x01a\0\0\0\0\0\0\0\0\0\0\x17\0\x04\xff\xff", "latin1"));
        await talk.hangUp();
      },
    },
  }),
  postgres({
    name: "postgres-huge-message",
    does: "announces a PostgreSQL row of two gigabytes and sends nothing of it",
    terms: {
      onQuery: async ({ talk }) => {
        await talk.send(Buffer.from("D\x7f\xff\xff\xff\0\x01", "latin1"));
        await talk.stall();
      },
    },
  }),
]);

interface PostgresServiceTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly example?: string;
  readonly mint?: LineTerms["mint"];
  readonly terms?: Partial<PostgresTerms>;
}

function postgres<const Name extends string>(entry: PostgresServiceTerms<Name>): StreamServiceEntry<Name> {
  const { name, does, mint, terms } = entry;
  const example =
    entry.example ??
    "psql 'host=localhost port={port} user=user password=pass sslmode=verify-full sslrootcert={ca}' -c 'select now()'";
  return lineService({
    ...{ name, does, example, mint, scheme: "postgresql", tlsOptions: { ALPNProtocols: ["postgresql"] } },
    serve: (network) => (talk) => servePostgres(talk, network, { tls: "right", authentication: "scram", ...terms }),
  });
}
