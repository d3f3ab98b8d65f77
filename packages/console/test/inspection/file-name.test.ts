import assert from "node:assert/strict";
import { test } from "node:test";
import { availableName, fileNameKey, fileNameOf } from "../../src/inspection/protocol/file-name.ts";

test("a file is named after the last segment of a URL, without what a server could do with it", () => {
  for (const [path, name] of [
    ["/a/disc.iso", "disc.iso"],
    ["/a/disc.iso/", "disc.iso"],
    ["/", "download"],
    ["/..%2F..%2Fetc%2Fpasswd", "_.._etc_passwd"],
    ["/.bashrc", "bashrc"],
    ["/%2e%2e", "download"],
    ["/a%00b%0ac", "a_b_c"],
    ["/exe%E2%80%AEgpj.exe", "exe_gpj.exe"],
    ["/CON.txt", "_CON.txt"],
    ["/a%5Cb%3Ac", "a_b_c"],
    ["/%ff", "%ff"],
    [`/${"x".repeat(300)}.iso`, `${"x".repeat(196)}.iso`],
    [`/${"船".repeat(300)}.iso`, `${"船".repeat(65)}.iso`],
    [`/${"🚢".repeat(300)}.iso`, `${"🚢".repeat(49)}.iso`],
    ["/CONIN$", "_CONIN$"],
    ["/conout$.log", "_conout$.log"],
    ["/con%20.txt", "_con .txt"],
    ["/com%C2%B9.txt", "_com¹.txt"],
    ["/LPT0", "_LPT0"],
    ["/console.txt", "console.txt"],
  ] as const) {
    assert.equal(fileNameOf(new URL(path, "https://a.example")), name, path);
  }
});

test("a file has the name that its server wants, unless nothing harmless is left of it", () => {
  const url = new URL("https://a.example/get/disc.iso");
  assert.equal(fileNameOf(url, "Über uns.pdf"), "Über uns.pdf");
  assert.equal(fileNameOf(url, "../../.ssh/authorized_keys"), "_.._.ssh_authorized_keys");
  assert.equal(fileNameOf(url, "con"), "_con");
  for (const nothing of ["", "..", " . "]) assert.equal(fileNameOf(url, nothing), "disc.iso");
});

test("no file is replaced", async () => {
  const taken = new Set(["disc.iso", "disc (2).iso"]);
  assert.equal(await availableName("disc.iso", async (name) => taken.has(name)), "disc (3).iso");
  assert.equal(await availableName("disc", async () => false), "disc");
  assert.equal(await availableName("disc", async () => true), undefined);
});

test("names that some file system takes for the same have the same key", () => {
  assert.equal(fileNameKey("Disc.ISO"), fileNameKey("disc.iso"));
  assert.equal(fileNameKey("caf\u00e9"), fileNameKey("cafe\u0301"));
  assert.notEqual(fileNameKey("disc.iso"), fileNameKey("disk.iso"));
});
