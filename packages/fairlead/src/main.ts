import { runCommandLine } from "./command-line.ts";
import { Interruption } from "./interruption.ts";

const signals = { SIGINT: "interrupt", SIGTERM: "terminate", SIGHUP: "hangUp" } as const;

const ending = new AbortController();
for (const [name, by] of Object.entries(signals)) {
  process.on(name, () => {
    const interruption = new Interruption(by);
    // Asked a second time, nothing more is tidied up.
    if (ending.signal.aborted) process.exit(interruption.exitCode);
    ending.abort(interruption);
  });
}
// A reader that has read enough, such as `head`, is no failure of ours.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    ending.abort(new Interruption("brokenPipe"));
  });
}

const given = process.argv.slice(2);
const { npm_lifecycle_event: script, npm_package_name: workspace } = process.env;
// `npm start` in the repository shows what there is, in a store that is gone when it ends; the installed command without
// arguments says how it is used.
const whatThereIs = ["console", "--test-network", "--store", "memory:"];
const isNpmStart = script === "start" && workspace === "fairlead-workspace";
const isShown = given.length === 0 && isNpmStart;
// What is tried out belongs into no repository.
const downloads = isShown ? await (await import("./console/downloads-folder.ts")).openDownloadsFolder() : undefined;

process.exitCode = await runCommandLine(downloads ? [...whatThereIs, "--downloads", downloads.path] : given, {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: ending.signal,
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
});
await downloads?.[Symbol.asyncDispose]();
