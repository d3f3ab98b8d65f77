import { once } from "node:events";
import { resolve } from "node:path";
import { attachConsole, serveConsole, type ServedConsole } from "@fairlead/console";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { Closing } from "./closing.ts";
import { hasBrowser, openSecretPage } from "./open-browser.ts";
import { openConsole, type OpenedConsole } from "./open-console.ts";
import type { ConsolePlan } from "./plan.ts";

/** Serves a console until the command is ended. @returns the exit code. */
export async function runConsole(plan: ConsolePlan, surroundings: Surroundings): Promise<number> {
  await using serving = new Closing();
  const { signal, stdout, stderr, env } = surroundings;
  let opened: Promise<OpenedConsole> | undefined;
  let served: ServedConsole;
  if (plan.type === "attach") {
    served = serving.use(await attachConsole({ path: plan.path, port: plan.port }));
  } else {
    opened = openConsole(plan.manager, surroundings);
    // It is waited for below.
    opened.catch(() => undefined);
    const opening = opened;
    serving.defer(async () => (await opening.catch(() => undefined))?.[Symbol.asyncDispose]());
    // The page is there while the manager and the test network are still being opened.
    served = serving.use(
      await serveConsole({ inspection: opened.then(({ inspection }) => inspection), port: plan.port }),
    );
  }
  stdout.write(`${introduction(plan)} ${served.url}\n${whereDownloadsGo(plan)}Ctrl-C ends it.\n`);
  if (plan.opensBrowser && hasBrowser(surroundings)) {
    const onFailure = (why: string): void => {
      stderr.write(`fairlead: no browser was opened: ${printable(why)}; open the address\n`);
    };
    const page = await openSecretPage(served.url, env, onFailure).catch((error: unknown) => onFailure(String(error)));
    if (page !== undefined) serving.use(page);
  }
  await opened;
  // Being ended from outside is how this command always ends.
  if (!signal.aborted) await once(signal, "abort");
  return exitCodes.ok.code;
}

function whereDownloadsGo(plan: ConsolePlan): string {
  return plan.type === "own" ? `Downloads go to ${printable(resolve(plan.manager.downloadFolder))}.\n` : "";
}

function introduction(plan: ConsolePlan): string {
  switch (plan.type) {
    case "own":
      return plan.manager.hasTestNetwork
        ? "The console, with a test network to try things with, is at"
        : "The console is at";
    case "attach":
      return `The console of the program behind ${printable(plan.path)} is at`;
  }
}
