import type { Manifest, ManifestEndpoint } from "@fairlead/testserver";
import { printable } from "../terminal/printable.ts";
import type { Paint } from "../terminal/style.ts";
import { formatTable } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";

/** How a page is laid out. */
export interface PageOptions {
  readonly width: number;
  readonly paint: Paint;
}

/** How the page of a running network is laid out. */
export interface ManifestPageOptions extends PageOptions {
  /** Whether every service and endpoint is listed, or only how many there are in each family. */
  readonly verbose: boolean;
}

/** Formats a manifest for people. */
export function formatManifest(manifest: Manifest, options: ManifestPageOptions): string[] {
  const { services, endpoints, hostNames, ca, control } = manifest;
  const { paint, verbose } = options;
  const https = services.find(({ name }) => name === "https")?.origin ?? "";
  const file = printable(ca.file ?? "FILE");
  const list = verbose ? memberList : familyTable;
  return [
    `${paint("heading", "Fairlead test network")}  for tests only: it does what anybody asks of it`,
    "",
    ...list(
      "SERVICES",
      services.map((service) => ({ ...service, title: service.name, where: service.origin })),
      options,
    ),
    "",
    ...list(
      "ENDPOINTS",
      endpoints.map((endpoint) => ({ ...endpoint, title: endpoint.path, where: endpoint.example })),
      options,
    ),
    ...(verbose ? [] : [paint("aside", "--verbose lists them all.")]),
    "",
    `${paint("label", "Names")}        localhost, ${hostNames.join(", ")}`,
    `${paint("label", "Certificate")}  ${file}`,
    `${paint("label", "Control")}      ${control ?? ""}  (a page for your browser)`,
    "",
    "Try it from another terminal:",
    `  curl --cacert ${file} ${https}/echo`,
    "",
    "Ctrl-C ends it.",
  ];
}

interface Member extends Pick<ManifestEndpoint, "family" | "does"> {
  readonly title: string;
  readonly where: string;
}

function familyTable(heading: string, members: readonly Member[], { width, paint }: PageOptions): string[] {
  return formatTable(
    [{ heading }, { heading: "NUMBER", align: "right" }, { heading: "FOR EXAMPLE", shrinks: true }],
    byFamily(members).map(([name, those]) => [name, those.length.toString(), those[0]?.where ?? ""]),
    { width, paint },
  );
}

function memberList(heading: string, members: readonly Member[], { width, paint }: PageOptions): string[] {
  return [
    paint("heading", heading),
    ...byFamily(members).flatMap(([name, those]) => [
      "",
      paint("heading", name),
      ...those.flatMap(({ title, where, does }) => [
        `  ${paint("name", title)}${where.includes("://") ? `  ${where}` : ""}`,
        ...wrap(does, width, "      "),
      ]),
    ]),
  ];
}

function byFamily<Of extends { readonly family: string }>(
  members: readonly Of[],
): readonly (readonly [string, readonly Of[]])[] {
  return [...Map.groupBy(members, ({ family }) => family)];
}
