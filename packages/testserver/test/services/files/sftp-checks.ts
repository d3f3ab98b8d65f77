import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";

interface SftpSession extends Outcome {
  /** Where the client's files are. */
  readonly folder: string;
  readonly knownHosts: string;
}

/** Runs a batch of commands by OpenSSH's sftp; the password is asked for by a program, as there is no terminal. */
async function sftp(
  { run, service, folder }: ServiceCheck,
  commands: readonly string[],
  terms: {
    readonly options?: readonly string[];
    readonly password?: string;
    readonly knownHosts?: string;
    readonly timeoutMilliseconds?: number;
  } = {},
): Promise<SftpSession> {
  const { options = [], password = "pass", knownHosts, timeoutMilliseconds = 20_000 } = terms;
  const own = await mkdtemp(join(folder, "sftp-"));
  const askpass = join(own, "askpass");
  await writeFile(askpass, `#!/bin/sh\necho ${password}\n`);
  await chmod(askpass, 0o700);
  const hosts = knownHosts ?? join(own, "known_hosts");
  const fixed = [
    "-F",
    "none",
    `-oUserKnownHostsFile=${hosts}`,
    "-oBatchMode=no",
    "-oNumberOfPasswordPrompts=1",
    "-oIdentityAgent=none",
  ];
  const checking = knownHosts === undefined ? "accept-new" : "yes";
  const outcome = await run(
    "sftp",
    [
      ...fixed,
      `-oStrictHostKeyChecking=${checking}`,
      ...options,
      "-b",
      "-",
      "-P",
      String(service.port),
      "user@127.0.0.1",
    ],
    {
      input: commands.map((line) => `${line}\n`).join(""),
      env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force", LC_ALL: "C.UTF-8" },
      timeoutMilliseconds,
    },
  );
  return { ...outcome, folder: own, knownHosts: hosts };
}

function fails(words: RegExp, commands: readonly string[] = ["ls"], options: readonly string[] = []): OutsideCheck {
  return {
    by: ["sftp"],
    check: async (check) => {
      const { code, stderr } = await sftp(check, commands, { options });
      assert.match(stderr, words);
      assert.notEqual(code, 0);
    },
  };
}

async function makeKey({ run, folder }: ServiceCheck): Promise<string> {
  const file = join(await mkdtemp(join(folder, "key-")), "key");
  const { code, stderr } = await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  assert.equal(code, 0, stderr);
  return `-oIdentityFile=${file}`;
}

/** Checks by clients that are not ours, for the services of SFTP. */
export const sftpChecks = {
  sftp: {
    by: ["sftp", "ssh-keyscan", "ssh-keygen"],
    check: async (check) => {
      const { run, service, folder } = check;
      const scan = await run("ssh-keyscan", ["-p", String(service.port), "127.0.0.1"]);
      const knownHosts = join(folder, "scanned");
      await writeFile(knownHosts, scan.stdout);
      await writeFile(join(folder, "up"), "x".repeat(100_000));
      const commands = [
        "ls -a",
        `get 1m.bin ${folder}/1m.bin`,
        `get "grüße 💬.txt" ${folder}/gruss`,
        `put ${folder}/up incoming/up`,
        "ls -l incoming",
        `get incoming/up ${folder}/down`,
      ];
      const more = [
        "mkdir incoming/new",
        "rename incoming/up incoming/new/up",
        "ls incoming/new",
        "rm incoming/new/up",
        "rmdir incoming/new",
        "ls incoming",
      ];
      const { code, stdout, stderr } = await sftp(check, [...commands, ...more, `get link ${folder}/link`], {
        knownHosts,
      });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^\.hidden .*README\.txt .*\ndangling +deep/m);
      assert.match(stdout, / 100000 .* up\n/);
      assert.match(stdout, /ls incoming\/new\nincoming\/new\/up\s*\n/);
      assert.equal((await readFile(join(folder, "1m.bin"))).readUInt32BE(1_048_572), 1_048_572);
      assert.equal(await readFile(join(folder, "gruss"), "utf8"), "Unicode in the name.\n");
      assert.equal(await readFile(join(folder, "down"), "utf8"), "x".repeat(100_000));
      assert.equal(await readFile(join(folder, "link"), "utf8"), "These files are for tests.\n");
      assert.match((await sftp(check, ["ls"], { password: "no" })).stderr, /Permission denied/);
      const byKey = await sftp(check, ["pwd"], {
        options: [await makeKey(check), "-oPreferredAuthentications=publickey"],
      });
      assert.equal(byKey.code, 0, byKey.stderr);
      assert.ok(!check.network.traffic.some((event) => event.type === "said" && event.line.includes("pass ")));
    },
  },
  "sftp-host-key-changes": {
    by: ["sftp"],
    check: async (check) => {
      const { code, knownHosts } = await sftp(check, ["pwd"]);
      assert.equal(code, 0);
      const again = await sftp(check, ["pwd"], { knownHosts });
      assert.match(again.stderr, /REMOTE HOST IDENTIFICATION HAS CHANGED/);
      assert.notEqual(again.code, 0);
    },
  },
  "sftp-key-only": {
    by: ["sftp", "ssh-keygen"],
    check: async (check) => {
      assert.match((await sftp(check, ["pwd"])).stderr, /Permission denied \(publickey\)/);
      const { code, stderr } = await sftp(check, ["pwd"], { options: [await makeKey(check)] });
      assert.equal(code, 0, stderr);
    },
  },
  "sftp-two-factors": {
    by: ["sftp", "ssh-keygen"],
    check: async (check) => {
      const key = await makeKey(check);
      const both = await sftp(check, ["pwd"], { options: [key, "-v"] });
      assert.match(both.stderr, /Authenticated using "publickey" with partial success/);
      assert.equal(both.code, 0, both.stderr);
      assert.match((await sftp(check, ["pwd"])).stderr, /Permission denied/);
      assert.match((await sftp(check, ["pwd"], { options: [key], password: "no" })).stderr, /Permission denied/);
    },
  },
  "sftp-nobody": fails(/Permission denied/),
  "sftp-authentication-cut": fails(/Connection (?:closed|reset)|disconnect/i),
  "sftp-old-algorithms": fails(
    /no matching (?:key exchange method|cipher|MAC) found\. Their offer: diffie-hellman-group1-sha1/,
  ),
  "sftp-banner": {
    by: ["sftp"],
    check: async (check) => {
      const { code, stderr } = await sftp(check, ["pwd"]);
      assert.match(stderr, /This server is for tests\.\r?\nNothing here is real\./);
      assert.equal(code, 0);
    },
  },
  "sftp-no-files": fails(/subsystem request failed|Connection closed/),
  "sftp-read-only": fails(/Permission denied/, ["mkdir incoming/new"]),
  "sftp-cut": fails(/closed by remote host|Connection (?:reset|closed)|Broken pipe/, ["get 1m.bin /dev/null"]),
  "sftp-stall": {
    by: ["sftp"],
    check: async (check) => {
      const to = join(check.folder, "stalled");
      const { code } = await sftp(check, [`get 1m.bin ${to}`], { timeoutMilliseconds: 2000 });
      // The deadline ended it.
      assert.notEqual(code, 0);
      assert.ok((await stat(to)).size <= 524_288 + 32_768);
    },
  },
  "sftp-wrong-size": {
    by: ["sftp"],
    check: async (check) => {
      const { stdout } = await sftp(check, ["ls -l 1k.bin"]);
      assert.match(stdout, / 2048 /);
    },
  },
  "sftp-hostile-names": {
    by: ["sftp"],
    check: async (check) => {
      const into = join(await mkdtemp(join(check.folder, "hostile-")), "inner");
      const { stderr } = await sftp(check, [`get -R / ${into}`]);
      assert.match(stderr, /\.\.\/\.\.\/above/);
      assert.deepEqual(await readdir(join(into, "..")), ["inner"]);
    },
  },
} as const satisfies Record<string, OutsideCheck>;
