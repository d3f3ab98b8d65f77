import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";
import { startTlsChecks } from "../lines/start-tls-checks.ts";

const readme = "These files are for tests.\n";

const fetchReadme = ({ curl }: ServiceCheck, ...options: readonly string[]): Promise<Outcome> =>
  curl("--user", "user:pass", ...options, "/README.txt");

function fetchFails(code: number, words: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const outcome = await fetchReadme(check, ...options);
      assert.match(outcome.stderr, words);
      assert.equal(outcome.code, code);
    },
  };
}

function fetchSucceeds(words: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const outcome = await fetchReadme(check, "--verbose", ...options);
      assert.equal(outcome.stdout, readme, outcome.stderr);
      assert.match(outcome.stderr, words);
      assert.equal(outcome.code, 0);
    },
  };
}

const ftplib = `
import ftplib, ssl, sys
ftp = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=sys.argv[2]))
ftp.connect("localhost", int(sys.argv[1]), timeout=10); ftp.login("user", "pass"); print(ftp.prot_p())
ftp.retrbinary("RETR README.txt", print)
`;

/** Checks by clients that are not ours, for the services of FTP. */
export const ftpChecks = {
  ftp: {
    by: ["curl", "lftp"],
    check: async (check) => {
      const { curl, run, service, caFile, folder } = check;
      for (const way of [
        ["--disable-epsv"],
        ["--ssl-reqd"],
        ["--ftp-port", "127.0.0.1"],
        ["--disable-eprt", "--ftp-port", "127.0.0.1"],
      ]) {
        const { stdout, stderr } = await fetchReadme(check, ...way);
        assert.equal(stdout, readme, stderr);
      }
      assert.equal((await curl("--range", "6-10", "/README.txt")).stdout, "files");
      assert.match((await curl("--head", "/1m.bin")).stdout, /Content-Length: 1048576\r?\n/);
      assert.match((await curl("/")).stdout, /^-rw-r--r-- .* 1k\.bin\r?$/m);
      assert.match((await curl("--quote", "PORT 127,0,0,2,200,200", "/")).stderr, /QUOT command failed with 504/);
      assert.match((await curl("--quote", "PORT 127,0,0,1,0,80", "/")).stderr, /QUOT command failed with 504/);
      // 25: the upload was refused; guests read only.
      assert.equal((await curl("--upload-file", caFile, "/incoming/ca.pem")).code, 25);
      assert.equal((await curl("--user", "user:no", "/")).code, 67);
      await writeFile(join(folder, "up"), "from lftp");
      const script = [
        `set ssl:ca-file ${caFile}; set net:max-retries 1; set cmd:fail-exit yes`,
        `open -u user,pass -p ${service.port} localhost`,
        `put ${join(folder, "up")} -o incoming/up; mv incoming/up incoming/moved; mkdir incoming/new`,
        "cat incoming/moved; cls -1 incoming; rm incoming/moved; rmdir incoming/new; cls -1 incoming",
        `mirror / ${join(folder, "mirror")}`,
      ];
      const { stdout, stderr, code } = await run("lftp", ["-c", script.join("; ")], { env: { LC_ALL: "C.UTF-8" } });
      assert.equal(stdout, "from lftpincoming/moved\nincoming/new/\n", stderr);
      assert.equal(code, 0, stderr);
      assert.equal((await readFile(join(folder, "mirror/1m.bin"))).length, 1_048_576);
      assert.equal(await readFile(join(folder, "mirror/deep/a/b/c/d/file.txt"), "utf8"), "Five folders down.\n");
      assert.ok((await readdir(join(folder, "mirror"))).includes("grüße 💬.txt"));
      assert.ok(!JSON.stringify(check.network.traffic).includes("PASS pass"), "the log has no secrets");
    },
  },
  ftps: fetchSucceeds(/SSL certificate verify ok.*>\sPROT P.*< 200 fine/s),
  ...startTlsChecks({
    ...{ protocol: "ftp", command: "AUTH TLS", early: "SYST", earlyAnswer: /^215 UNIX/ },
    ...{ use: fetchReadme, absent: /Requested SSL level failed/, refused: /Requested SSL level failed/ },
    goAhead: /^234 go ahead$/,
  }),
  "ftp-tls-required": {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await fetchReadme(check, "--verbose");
      assert.match(stderr, /< 530 say AUTH TLS first/);
      assert.equal(code, 67);
      assert.equal((await fetchReadme(check, "--ssl-reqd")).stdout, readme);
    },
  },
  "ftp-private-required": {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await fetchReadme(check, "--ftp-ssl-control");
      assert.match(stderr, /RETR response: 521/);
      assert.equal(code, 19);
      assert.equal((await fetchReadme(check, "--ssl-reqd")).stdout, readme);
    },
  },
  "ftp-resumption-required": {
    by: ["curl", "python3"],
    check: async (check) => {
      // curl resumes, and Python's ftplib does not.
      assert.equal((await fetchReadme(check, "--ssl-reqd")).stdout, readme);
      const { stderr } = await check.run("python3", ["-c", ftplib, String(check.service.port), check.caFile]);
      assert.match(stderr, /error_perm: 522 the data connection has to resume/);
    },
  },
  "ftp-data-clear": {
    by: ["python3"],
    check: async ({ run, service, caFile }) => {
      const { stdout, stderr } = await run("python3", ["-c", ftplib, String(service.port), caFile]);
      assert.equal(stdout, "200 fine\n");
      assert.match(stderr, /SSLError: .*WRONG_VERSION_NUMBER/);
    },
  },
  "ftp-data-wrong-address": {
    by: ["curl"],
    check: async (check) => {
      const { stdout, stderr } = await fetchReadme(check, "--disable-epsv", "--verbose");
      assert.match(stderr, /< 227 come to \(192,0,2,1,/);
      assert.equal(stdout, readme);
      // A client that believes it goes there, and is told to by this option.
      const believing = await fetchReadme(
        check,
        "--disable-epsv",
        "--no-ftp-skip-pasv-ip",
        "--max-time",
        "1",
        "--verbose",
      );
      assert.match(believing.stderr, /Trying 192\.0\.2\.1:/);
      assert.notEqual(believing.code, 0);
    },
  },
  "ftp-data-refused": fetchFails(7, /Failed to connect/),
  "ftp-data-stall": fetchFails(28, /timed out .* with 13 out of 27 bytes received/, "--max-time", "1"),
  "ftp-data-reset": fetchFails(56, /Connection reset by peer/),
  "ftp-data-short": fetchFails(18, /transfer closed with 14 bytes remaining/),
  "ftp-no-answer": {
    by: ["curl"],
    check: async (check) => {
      const { stdout, code } = await fetchReadme(check);
      assert.equal(stdout, readme);
      assert.notEqual(code, 0);
    },
  },
  "ftp-full": {
    by: ["curl"],
    check: async ({ curl, caFile }) => {
      const { code, stderr } = await curl("--user", "user:pass", "--upload-file", caFile, "/incoming/ca.pem");
      // 70: there is no room on the server.
      assert.equal(code, 70, stderr);
    },
  },
  "ftp-old": {
    by: ["curl"],
    check: async (check) => {
      const { stdout, stderr } = await fetchReadme(check, "--verbose");
      assert.match(stderr, /> EPSV\s+.*< 502 .*> PASV\s+.*< 227 /s);
      assert.equal(stdout, readme);
      assert.match((await check.curl("/")).stdout, /README\.txt/);
    },
  },
  "ftp-hostile-names": {
    by: ["curl", "lftp"],
    check: async ({ run, service, folder, curl }) => {
      assert.match((await curl("/")).stdout, / \.\.\/\.\.\/above\r?\n.* \/absolute\r?\n.* C:\\drive\r?\n/);
      const into = join(folder, "hostile/inner/innermost");
      await run("lftp", ["-c", `set net:max-retries 1; open -p ${service.port} localhost; mirror / ${into}`]);
      assert.deepEqual(
        (await readdir(join(folder, "hostile"), { recursive: true })).filter(
          (name) => /above|absolute/.test(name) && !name.startsWith("inner/innermost/"),
        ),
        [],
      );
    },
  },
  "ftp-long-greeting": fetchSucceeds(/< 220-first\s+<  220 this is not the last\s+< 220-nor this\s+< 220 the last/),
  "ftp-421": {
    by: ["python3"],
    check: async ({ run, service }) => {
      const script = "import ftplib, sys; ftplib.FTP().connect('localhost', int(sys.argv[1]))";
      const { stderr } = await run("python3", ["-c", script, String(service.port)]);
      assert.match(stderr, /error_temp: 421 too many clients/);
    },
  },
} as const satisfies Record<string, OutsideCheck>;
