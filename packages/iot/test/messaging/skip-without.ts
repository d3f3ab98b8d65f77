import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs by the Debian package that has each. */
const packageOf: Readonly<Record<string, string>> = {
  danted: "dante-server",
  mosquitto: "mosquitto",
  microsocks: "microsocks",
  "rabbitmq-server": "rabbitmq-server",
  squid: "squid-openssl",
  tinyproxy: "tinyproxy",
};

/** Why tests with these programs are skipped: what to install. In CI nothing is missing, and if it is, they fail. */
export function skipWithout(...programs: readonly (keyof typeof packageOf)[]): string | false {
  if (process.env["CI"] === "true") return false;
  const missing = programs.filter((program) => !isThere(program));
  return missing.length === 0 ? false : `apt-get install ${missing.map((name) => packageOf[name] ?? name).join(" ")}`;
}

function isThere(program: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
