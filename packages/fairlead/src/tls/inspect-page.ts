import { describeStaple } from "@fairlead/tls";
import { type CertificateFacts, formatCertificate } from "@fairlead/tls/certificates";
import { printable } from "../terminal/printable.ts";
import type { Paint } from "../terminal/style.ts";
import { wrap } from "../terminal/width.ts";
import type { BackendInspection, Resumption } from "./inspect.ts";

/** Lays out what was found, the peer's text escaped. */
export function formatInspection(
  title: string,
  found: readonly BackendInspection[],
  unavailable: readonly { readonly name: string; readonly reason: string }[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string[] {
  const secured = found.filter((each) => each.type === "secured");
  return [
    paint("heading", printable(title)),
    ...found.flatMap((each) => ["", ...backendLines(each, width, paint)]),
    ...unavailable.flatMap(({ name, reason }) => ["", ...wrap(`${name} is not there: ${printable(reason)}`, width)]),
    ...chainLines(secured[0]?.chain ?? [], width, paint),
  ];
}

function backendLines(found: BackendInspection, width: number, paint: Paint): string[] {
  if (found.type === "failed") {
    return [paint("name", found.backend), ...wrap(`failed: ${printable(found.failure.message)}`, width, "  ")];
  }
  const { objection } = found;
  const verdict =
    objection === undefined
      ? [`  ${paint("good", "verified")}`]
      : [
          `  ${paint("bad", "not verified")} ${paint("aside", objection.code)}`,
          ...(objection.problems.length > 0 ? objection.problems : [objection.message]).flatMap((problem) =>
            wrap(printable(problem), width, "    "),
          ),
        ];
  const fact = (label: string, text: string): string => `  ${paint("label", label.padEnd(12))}${printable(text)}`;
  return [
    paint("name", found.backend),
    ...verdict,
    fact("protocol", found.protocol ?? "?"),
    fact("cipher", found.cipher),
    ...(found.group === undefined ? [] : [fact("group", found.group)]),
    fact("ALPN", found.alpnProtocol ?? "none"),
    ...(found.staple === undefined ? [] : [fact("stapling", describeStaple(found.staple))]),
    fact("resumption", resumptions[found.resumption]),
  ];
}

const resumptions: Readonly<Record<Resumption, string>> = {
  resumed: "a second connection resumed the session",
  refused: "the server gave a session and did not take it back",
  "no session": "the server gave no session",
  "not tried": "not tried with a server that is not verified",
};

function chainLines(chain: readonly (CertificateFacts | undefined)[], width: number, paint: Paint): string[] {
  return chain.flatMap((facts, index) => {
    const heading = paint("heading", `certificate ${String(index)}`);
    if (facts === undefined) return ["", `${heading} cannot be read`];
    const lines = formatCertificate({ ...facts, names: shortened(facts.names) })
      .trimEnd()
      .split("\n");
    return ["", heading, ...lines.flatMap((line) => wrapped(printable(line), width))];
  });
}

/** Continued below where the fact begins. */
function wrapped(line: string, width: number): string[] {
  const [, name = "", fact = line] = /^([^:]+: +)(.*)$/.exec(line) ?? [];
  const [first = "", ...rest] = wrap(fact, width, " ".repeat(2 + name.length));
  return [`  ${name}${first.trimStart()}`, ...rest];
}

const maxNames = 20;

function shortened(names: readonly string[]): readonly string[] {
  const more = names.length - maxNames;
  return [...names.slice(0, maxNames), ...(more > 0 ? [`and ${String(more)} more`] : [])];
}
