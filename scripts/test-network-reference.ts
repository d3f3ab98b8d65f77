import { endpointFamilies } from "../packages/testserver/src/endpoints/index.ts";
import { faultTypes } from "../packages/testserver/src/faults/fault-types.ts";
import { serviceFamilies } from "../packages/testserver/src/services/index.ts";
import { describeNames } from "../packages/testserver/src/services/names/describe-names.ts";

/** The text of docs/test-network.md: every service and endpoint of the test network, in a line each. */
export function testNetworkReference(): string {
  const services = serviceFamilies.flatMap((family) => family.services);
  const endpoints = endpointFamilies.flatMap((family) => family.endpoints);
  return [
    "# The test network",
    "",
    "<!-- Made by `npm run docs` from packages/testserver/src. Change it there. -->",
    "",
    `${services.length} services, ${endpoints.length} endpoints and ${faultTypes.length} faults of \`fairlead testserver\`.`,
    "Each is checked by a client that is not ours. How they are used: [the test server](../packages/testserver/README.md). In commands,",
    "`{host}`, `{port}` and `{origin}` are where the service is, and `{ca}` is the file of the certificate to trust; the",
    "manifest has them filled in.",
    "",
    "## Services",
    ...serviceFamilies.flatMap((family) => [
      "",
      `### ${family.name}`,
      "",
      `These ${family.line}.`,
      "",
      "| service | what it does | try it |",
      "| --- | --- | --- |",
      ...family.services.map(({ name, does, example }) =>
        row(code(name), does, example === undefined ? "" : code(example)),
      ),
    ]),
    "",
    "## Names that the name servers answer for",
    "",
    "Each behaves in one way, with any of the services of family `names`. `N` is a number and `NAME` a word of one's own.",
    "Every other name under `.test` has the address of the network, and what is not under `.test` is refused.",
    "",
    "| name | what it does |",
    "| --- | --- |",
    ...describeNames().map(({ name, does }) => row(code(name), does)),
    "",
    "## Endpoints of the http and https services",
    ...endpointFamilies.flatMap((family) => [
      "",
      `### ${family.name}`,
      "",
      `These ${family.line}.`,
      "",
      "| path | what it does | for example |",
      "| --- | --- | --- |",
      ...family.endpoints.map(({ path, does, example }) => row(code(path), does, code(example))),
    ]),
    "",
    "## Faults, on any service while it runs",
    "",
    "| fault | what it does | on | with |",
    "| --- | --- | --- | --- |",
    ...faultTypes.map(({ type, does, transports, parameters }) =>
      row(code(type), does, transports.join(", "), Object.keys(parameters).map(code).join(", ")),
    ),
    "",
    "And each with `direction` (`up`, `down`, `both`), `probability`, `seed` and `name`.",
    "",
  ].join("\n");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
