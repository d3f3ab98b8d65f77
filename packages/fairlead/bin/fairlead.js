#!/usr/bin/env node
// Kept in old syntax, so that an old Node.js can read it and say what is wrong.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const oldest = [22, 19];
const running = process.versions.node.split(".").map(Number);
const main = new URL("../dist/main.js", import.meta.url);

if (running[0] < oldest[0] || (running[0] === oldest[0] && running[1] < oldest[1])) {
  refuse(
    `fairlead needs Node.js ${oldest.join(".")} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      "Install a newer one, or put it first on the PATH.",
  );
} else if (!existsSync(fileURLToPath(main))) {
  refuse("fairlead is not built here. In a clone of its repository, use: npm start -- ARGUMENTS");
} else {
  silenceSqliteNotice();
  import(main.href);
}

function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

/** Node announces on each start that node:sqlite may change. That is for who writes the program, not for who runs it. */
function silenceSqliteNotice() {
  const emitWarning = process.emitWarning;
  process.emitWarning = function (warning, ...rest) {
    if (rest[0] === "ExperimentalWarning" && /sqlite/i.test(String(warning))) return;
    emitWarning.call(process, warning, ...rest);
  };
}
