import assert from "node:assert/strict";
import { pacFamily } from "../../src/endpoints/pac.ts";
import { describeFamily } from "./describe-family.ts";

const byProxy = /^function FindProxyForURL\(url, host\) \{\n {2}return "PROXY localhost:\d+";\n\}\n$/;

const shown: Readonly<Record<string, readonly [shows: RegExp, type?: string]>> = {
  "/proxy.pac": [byProxy],
  "/wpad.dat": [byProxy],
  "/pac/direct": [/return "DIRECT";/],
  "/pac/several": [/return "PROXY localhost:\d+; PROXY localhost:\d+; DIRECT";/],
  "/pac/https": [/return "HTTPS localhost:\d+";/],
  "/pac/socks": [/return "SOCKS5 localhost:\d+; SOCKS localhost:\d+";/],
  "/pac/by-name": [/dnsDomainIs\(host, "\.fairlead\.test"\)/],
  "/pac/by-address": [/isInNet\(dnsResolve\(host\)/],
  "/pac/by-url": [/shExpMatch\(url, /],
  "/pac/dead": [/PROXY localhost:1"/],
  "/pac/syntax-error": [/\{$/],
  "/pac/throws": [/throw new Error/],
  "/pac/nothing": [/^var proxy = 1;\n$/],
  "/pac/null": [/return null;/],
  "/pac/garbage": [/GOPHER/],
  "/pac/loop": [/for \(;;\);/],
  "/pac/recursion": [/return FindProxyForURL\(url, host\);/],
  "/pac/memory": [/all\.push/],
  "/pac/backtracking": [/\(a\+\)\+/],
  "/pac/huge": [/^\/\/ x{2097152}\n/],
  "/pac/text": [byProxy, "text/plain"],
  "/pac/html": [/^<!doctype html>/, "text/html"],
  "/pac/utf16": [/^\xff\xfef\0u\0n\0c\0/],
};

describeFamily(
  pacFamily,
  Object.fromEntries(
    Object.entries(shown).map(([path, [shows, type = "application/x-ns-proxy-autoconfig"]]) => [
      path,
      async ({ get, network }) => {
        const { body, field } = await get(path);
        assert.match(body, shows);
        assert.deepEqual(field("content-type"), [type]);
        if (shows === byProxy) assert.ok(body.includes(`PROXY localhost:${network.service("proxy-http").port}"`));
      },
    ]),
  ),
);
