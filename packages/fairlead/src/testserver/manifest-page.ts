import type { Manifest, ManifestEndpoint } from "@fairlead/testserver";
import { printable } from "../terminal/printable.ts";
import type { Paint } from "../terminal/style.ts";
import { formatTable } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";

/** How the page is laid out. */
export interface ManifestPageOptions {
  /** Whether every endpoint is listed, or only how many there are in each family. */
  readonly verbose: boolean;
  readonly width: number;
  readonly paint: Paint;
}

/** Formats a manifest for people. */
export function formatManifest(manifest: Manifest, { verbose, width, paint }: ManifestPageOptions): string[] {
  const { listeners, endpoints, hostNames, ca } = manifest;
  const https = listeners.find(({ name }) => name === "https")?.origin ?? "";
  const families = Map.groupBy(endpoints, ({ family }) => family);
  return [
    paint("heading", "Fairlead test network"),
    "",
    ...formatTable(
      [{ heading: "LISTENER" }, { heading: "WHERE" }],
      listeners.map(({ name, origin }) => [name, origin]),
      { width, paint },
    ).flatMap((line, index) => [line, ...wrap(listeners[index - 1]?.does ?? "", width, "    ")]),
    "",
    ...(verbose ? endpointPages(families, width, paint) : familyTable(families, width, paint)),
    "",
    `${paint("label", "Names")}        localhost, ${hostNames.join(", ")}`,
    `${paint("label", "Certificate")}  ${printable(ca.file ?? "")}`,
    "",
    "Try it from another terminal:",
    `  fairlead get -v --cacert ${printable(ca.file ?? "FILE")} ${https}/echo`,
    "",
    "Ctrl-C ends it.",
  ];
}

type Families = ReadonlyMap<string, readonly ManifestEndpoint[]>;

function familyTable(families: Families, width: number, paint: Paint): string[] {
  return [
    ...formatTable(
      [{ heading: "ENDPOINTS" }, { heading: "NUMBER", align: "right" }, { heading: "FOR EXAMPLE", shrinks: true }],
      [...families].map(([name, members]) => [name, members.length.toString(), members[0]?.example ?? ""]),
      { width, paint },
    ),
    paint("aside", "--verbose lists them all."),
  ];
}

function endpointPages(families: Families, width: number, paint: Paint): string[] {
  return [...families].flatMap(([name, members], index) => [
    ...(index === 0 ? [] : [""]),
    paint("heading", name),
    ...members.flatMap(({ path, does }) => [`  ${paint("name", path)}`, ...wrap(does, width, "      ")]),
  ]);
}
