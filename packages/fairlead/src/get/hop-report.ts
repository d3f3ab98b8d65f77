import type { Hop, TlsFacts } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import { formatBytes, formatDuration, formatMilliseconds, formatMoment } from "../terminal/quantities.ts";
import { printable } from "../terminal/printable.ts";
import type { Paint } from "../terminal/style.ts";
import { wrap } from "../terminal/width.ts";

/** What a report is laid out with. */
export interface ReportStyle {
  readonly paint: Paint;
  readonly width: number;
}

/** Tells of each hop: what was asked, who answered, how long each phase took, what TLS gave. Lines are safe to print. */
export function reportHops(hops: readonly Hop[], style: ReportStyle): string[] {
  return hops.flatMap((hop, index) => [...(index === 0 ? [] : [""]), ...reportHop(hop, index + 1, style)]);
}

/** Tells of the fields of a response, one a line. */
export function reportFields(
  fields: Readonly<Record<string, string | readonly string[] | undefined>>,
  { paint }: ReportStyle,
): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `   ${paint("label", `${printable(name)}:`)} ${printable(one)}`),
  );
}

function reportHop(hop: Hop, number: number, { paint, width }: ReportStyle): string[] {
  const status = hop.status === undefined ? paint("bad", "---") : hop.status.toString();
  const facts: (readonly [label: string, text: string])[] =
    hop.reason === "hsts"
      ? [["by", `${hstsSource(hop)}: the host is known to want https (HSTS), so nothing was sent`]]
      : [
          ["by", answeredBy(hop)],
          ...hop.authentication.flatMap((tried) =>
            tried.identity === undefined ? [] : [["as", spokenAs(tried)] as const],
          ),
          ...(hop.route.length === 0 ? [] : [["via", printable(hop.route.join(", then "))] as const]),
          ["time", timing(hop)],
          ...(hop.contentCodings.length + hop.transferCodings.length === 0 ? [] : [["body", wrapping(hop)] as const]),
          ...(hop.tls === undefined ? [] : tlsLines(hop.tls, paint)),
        ];
  if (hop.location !== undefined) facts.push(["to", printable(hop.location)]);
  if (hop.status !== undefined && hop.error !== undefined) facts.push(["cut", breakOff(hop.bodyBytes, hop.error)]);
  return [
    `${number}  ${paint("heading", status)}  ${printable(hop.method)} ${paint("name", printable(hop.url))}`,
    ...facts.flatMap(([label, text]) => reportFact(paint("label", label.padEnd(4)), text, width)),
  ];
}

/** One fact behind its label; the lines that follow are indented as far. */
function reportFact(label: string, text: string, width: number): string[] {
  const [first, ...rest] = wrap(text, width, " ".repeat(9));
  return first === undefined ? [] : [`   ${label}  ${first.trimStart()}`, ...rest];
}

function hstsSource({ hsts }: Hop): string {
  return hsts === "preloaded" ? "the preload list" : "memory";
}

function answeredBy({ reason, cache, connection, reused, status }: Hop): string {
  if (cache !== undefined && cache.use !== "validated") {
    return `memory: a stored response, ${cache.use}, ${String(cache.ageSeconds)} s old`;
  }
  if (reason === "scheme" && connection === undefined) return "the handler of its scheme";
  if (connection === undefined) return status === undefined ? "nobody: there was no connection" : "";
  const address = printable(connection.remoteAddress ?? "an unknown address");
  const confirmed = cache === undefined ? "" : ", which confirmed a stored response";
  const silent = status === undefined ? ", which gave no response" : confirmed;
  return `${address}, ${reused ? "connection used before" : "new connection"}${silent}`;
}

/** Who the request said that the client is, without having been asked. */
function spokenAs({ identity = "", scheme, outcome }: Hop["authentication"][number]): string {
  return printable(`${identity}: its token was sent (${scheme}), and ${outcome}; --no-login sends none`);
}

/** What the body was wrapped in: wherever it goes, and for this connection alone. */
function wrapping({ bodyBytes, decodedBytes, contentCodings, transferCodings }: Hop): string {
  const content = contentCodings.length === 0 ? "" : ` in ${contentCodings.join(", ")}`;
  const decoded = decodedBytes === undefined ? "" : `, ${formatBytes(decodedBytes)} decoded`;
  const transfer = transferCodings.length === 0 ? "" : `, transferred ${transferCodings.join(", ")}`;
  return printable(`${formatBytes(bodyBytes)}${content}${decoded}${transfer}`);
}

/** A response that began, and did not come to its end; what the whole request fails with is told elsewhere. */
function breakOff(bodyBytes: number, error: Error): string {
  const code = isCodedError(error) ? ` [${error.code}]` : "";
  return printable(`after ${formatBytes(bodyBytes)}: ${error.message}${code}`);
}

/** Waiting that is shorter than this is not worth a word. */
const WORTH_TELLING = 0.5;

function timing({ timing: { blocked, resolve, connect, secure, response, body, total } }: Hop): string {
  const phases = [
    ["waited", blocked !== undefined && blocked < WORTH_TELLING ? undefined : blocked],
    ["lookup", resolve],
    ["connect", connect],
    ["TLS", secure],
    ["answer", response],
    ["body", body],
  ] as const;
  const told = phases.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${formatMilliseconds(value)}`]));
  if (total !== undefined) told.push(`in all ${formatDuration(total)}`);
  return told.join(", ");
}

function tlsLines(tls: TlsFacts, paint: Paint): (readonly [string, string])[] {
  const { protocol, cipher, resumed, alpn, authorized, serverName, repairedFrom, trust } = tls;
  const channel = [protocol, cipher, resumed ? "session resumed" : "full handshake", alpn && `ALPN ${alpn}`];
  const until =
    tls.certificateNotAfter === undefined ? undefined : `until ${formatMoment(Date.parse(tls.certificateNotAfter))}`;
  const verdict = authorized ? paint("good", "verified") : paint("bad", "not verified");
  const peer = [serverName && `for ${printable(serverName)}`, until].filter((part) => part !== undefined).join(" ");
  return [
    ["TLS", printable(channel.filter((part) => part !== undefined).join(", "))],
    ["cert", `${verdict} ${peer}`],
    ["from", issuer(tls.certificateIssuer)],
    ["ends", printable(repairedFrom === undefined ? `in ${trust}` : `in ${trust}; ${repairs[repairedFrom]}`)],
    ["with", printable(`${tls.backend} (${tls.library}), ${tls.backendReason}`)],
  ];
}

/** What is said of a chain that the server sent with a gap in it. */
const repairs = {
  learned: "the server did not send an issuer that others did",
  preloaded: "the server did not send an issuer that was at hand",
  fetched: "the server did not send an issuer, which was fetched",
} as const;

/** Node gives a name as lines, `CN=…` one of them. */
function issuer(name: string | undefined): string {
  return name === undefined ? "" : printable(name.split("\n").join(", "));
}
