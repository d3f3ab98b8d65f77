import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPeer, type PeerProgram } from "./peer-program.ts";

/** GNOME Keyring on a session bus of its own, with keyrings of its own, as a desktop has them. */
export interface SecretService extends AsyncDisposable {
  /** What a program needs to find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts the daemon, which opens its keyring with the password; or leaves it locked. */
  start(state: "unlocked" | "locked"): Promise<void>;
  /** Ends the daemon; the bus stays. */
  stop(): Promise<void>;
  /** Runs `secret-tool`. @returns its exit code and what it printed. */
  tool(...args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }>;
}

/** A bus that starts nobody: whoever is not running is not there. */
const busConfiguration = (directory: string): string => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${directory}</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
`;

/** Starts the bus, and the daemon with its keyring open. */
export async function startSecretService(): Promise<SecretService> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-keyring-"));
  const at = (name: string): string => join(folder, name);
  await mkdir(at("run"), { mode: 0o700 });
  await writeFile(at("bus.conf"), busConfiguration(folder));
  const homes = { HOME: folder, XDG_DATA_HOME: at("data"), XDG_CONFIG_HOME: at("config"), XDG_CACHE_HOME: at("cache") };
  const places = { ...homes, XDG_RUNTIME_DIR: at("run"), DISPLAY: "", WAYLAND_DISPLAY: "" };
  const bus = await startPeer(
    "dbus-run-session",
    [`--config-file=${at("bus.conf")}`, "--", "sh", "-c", 'echo "address=$DBUS_SESSION_BUS_ADDRESS;"; cat'],
    places,
  );
  const [, address = ""] = await bus.says(/address=(.*);/);
  const environment = { ...places, DBUS_SESSION_BUS_ADDRESS: address };
  let daemon: PeerProgram | undefined;
  const service: SecretService = {
    environment,
    async start(state) {
      const unlock = state === "unlocked" ? ["--unlock"] : [];
      daemon = await startPeer(
        "gnome-keyring-daemon",
        ["--foreground", "--components=secrets", ...unlock],
        environment,
      );
      if (state === "unlocked") daemon.type("password of the test");
      daemon.endInput();
      // It says nothing when it is there.
      for (;;) {
        const { output } = await service.tool("lookup", "fairlead", "is-there");
        if (!output.includes("org.freedesktop.secrets")) return;
      }
    },
    async stop() {
      await daemon?.[Symbol.asyncDispose]();
      daemon = undefined;
    },
    async tool(...args) {
      await using program = await startPeer("secret-tool", args, environment);
      program.endInput();
      return { code: await program.ended(), output: program.output };
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
      bus.endInput();
      await bus.ended();
      await bus[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await service.start("unlocked");
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
  return service;
}
