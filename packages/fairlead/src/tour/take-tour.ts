import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatDuration } from "../terminal/quantities.ts";
import { paintFor } from "../terminal/style.ts";
import { widthOf, wrap } from "../terminal/width.ts";
import { requestInChild, type ChildOutcome } from "./child-request.ts";
import { formatIntroduction, formatOutcome, type PageStyle } from "./step-page.ts";
import { tourHosts, tourSteps } from "./steps.ts";

/** Takes the tour, and checks what it shows. @returns the exit code. */
export async function takeTour(surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  const style: PageStyle = { width: widthOf(stdout), paint: paintFor(stdout) };
  const print = (lines: readonly string[]): void => {
    stdout.write(lines.map((line) => `${line}\n`).join(""));
  };
  const started = performance.now();
  print([
    style.paint("heading", "Fairlead, a tour"),
    ...wrap(
      `${tourSteps.length} requests against servers that run on loopback, each made by a process of its own. What connects them is a store in a temporary directory.`,
      style.width,
    ),
  ]);

  const directory = await mkdtemp(join(tmpdir(), "fairlead-tour-"));
  try {
    await using network = await startTestNetwork();
    const failures = await takeSteps(network, directory, style, print, surroundings);
    print(["", formatVerdict(failures, performance.now() - started, surroundings, style)]);
    return failures === 0 ? exitCodes.ok.code : exitCodes.failed.code;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function takeSteps(
  network: TestNetwork,
  directory: string,
  style: PageStyle,
  print: (lines: readonly string[]) => void,
  surroundings: Surroundings,
): Promise<number> {
  const anchors = join(directory, "ca.pem");
  await writeFile(anchors, network.ca.certificate);
  const settings = [
    ...["--store", `sqlite:${join(directory, "network.db")}`, "--cacert", anchors],
    ...tourHosts.flatMap((host) => ["--resolve", `${host}:${network.http.host}`]),
  ];
  const outcomes: ChildOutcome[] = [];
  let failures = 0;
  for (const [index, step] of tourSteps.entries()) {
    const url = step.url(network);
    print(formatIntroduction(step, index + 1, url, style));
    network.clearRequests();
    const output = step.file === undefined ? [] : ["--output", join(directory, step.file)];
    const outcome = await requestInChild([...settings, ...output, url], surroundings);
    const checks = step.check({ outcome, seen: network.requests, earlier: outcomes });
    print(formatOutcome(outcome, checks, style));
    outcomes.push(outcome);
    if (!checks.every(({ holds }) => holds)) failures += 1;
  }
  return failures;
}

function formatVerdict(failures: number, milliseconds: number, { env }: Surroundings, { paint }: PageStyle): string {
  if (failures > 0) return paint("bad", `${failures} of ${tourSteps.length} steps did not behave.`);
  const next = env["npm_lifecycle_event"] === "start" ? "npm start -- help" : "fairlead help";
  return `${paint("good", `All ${tourSteps.length} steps behaved`)}, in ${formatDuration(milliseconds)}. Next: ${next}`;
}
