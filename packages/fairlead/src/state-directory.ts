import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The URL of the user's own store: what `FAIRLEAD_STORE` says, which keeps a password out of the arguments, that anybody can
 * list; or else a database.
 *
 * It lies in `$XDG_STATE_HOME/fairlead` or `~/.local/state/fairlead`; on macOS in `~/Library/Application Support`, on
 * Windows in `%LOCALAPPDATA%`. A variable that is not an absolute path is ignored, as the XDG Base Directory
 * Specification asks.
 */
export function defaultStoreUrl(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const { FAIRLEAD_STORE: named = "" } = env;
  if (named !== "") return named;
  return `sqlite:${join(stateHome(env, platform), "fairlead", "network.db")}`;
}

function stateHome(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const { XDG_STATE_HOME: xdg, LOCALAPPDATA: localAppData } = env;
  if (platform === "win32") {
    return localAppData !== undefined && isAbsolute(localAppData) ? localAppData : join(homedir(), "AppData", "Local");
  }
  if (xdg !== undefined && isAbsolute(xdg)) return xdg;
  return platform === "darwin" ? join(homedir(), "Library", "Application Support") : join(homedir(), ".local", "state");
}
