import type { Command } from "../command.ts";

const usage = `Usage: fairlead get [OPTIONS] URL

Requests a URL and writes the response's body to standard output as it comes,
its content coding undone. What the response teaches (HSTS, cookies, TLS
tickets) is kept in the store and used by the next call. A URL of sftp: is
answered with the known hosts, the agent and the keys that ssh uses; a host
whose key is not known is a question on the terminal.

  -v, --verbose         show each hop, its timing by phase and what TLS gave, on
                        standard error
  -o, --output FILE     write the body to FILE, which appears, or is replaced,
                        when the body is whole; '-' is standard output, also
                        for a binary body on a terminal
  -C, --resume          with --output, go on with what an earlier call left, and
                        leave what has come when this one fails
      --digest ALGORITHM=DIGEST
                        with --output, what the file has to be: sha-256 or
                        sha-512, in hexadecimal or base64
      --parallel N      with --output, over as many as N connections at once
      --json            print one JSON object instead: url, status, headers,
                        body and hops; or error and hops
      --har FILE        write what was sent and received, hop by hop, to FILE as
                        an HTTP Archive (mode 0600), also when it failed; with
                        credentials, cookies and tokens redacted, without bodies

  -X, --method METHOD   GET by default, POST with --data
  -H, --header 'N: V'   send this field too; 'N:' leaves out one that is sent
                        by default; may be repeated
  -d, --data DATA       send DATA as the body; '@FILE' sends a file, '@-'
                        standard input
      --redirect POLICY which redirects are followed: no-less-safe (default:
                        all but those from https to http), manual, same-origin,
                        same-site, or ask, which asks on the terminal
      --timeout SECONDS give up after this time, the body included

      --store URL       what is remembered, and where: memory:, file:PATH,
                        sqlite:PATH or redis://HOST; by default what
                        FAIRLEAD_STORE names, or a database in your state
                        directory
      --store-key PLACE its key, with which it is encrypted: keyring, env:NAME
                        or file:PATH; by default what FAIRLEAD_STORE_KEY holds
      --cacert FILE     trust the certificates of this PEM file, and no others
      --cert FILE       show the certificate of this PEM file to the host of URL
                        when it asks for one; never to where it redirects
      --key FILE        its private key, unless FILE of --cert holds it too
  -u, --user NAME       be NAME to the host of URL when it wants to know who
                        asks (Basic over https, Digest, NTLM); the password is
                        asked for on the terminal. Never to where it redirects
      --account NAME    of several logins of 'fairlead login', take this one
      --no-login        send no token of 'fairlead login'; by default it goes to
                        the origins of its --for, as -v tells
      --fetch-intermediates
                        fetch issuers that the server does not send from the URL
                        in its certificate, over plain http
      --tls-backend NAME
                        do TLS by node (the default), openssl (the one inside
                        this Node.js) or gnutls (the system's)
      --key-log         add the secrets of the connections to the file that the
                        environment variable SSLKEYLOGFILE names (mode 0600)
      --proxy URL       go through this proxy: http, https, socks4a or socks5,
                        scheme://name:password@host:port; repeated, through one
                        after the other, the nearest first. By default what
                        https_proxy, http_proxy, all_proxy and no_proxy say
      --no-proxy        go straight, whatever the environment says
      --unix PATH       ask the server that listens on this Unix socket
      --no-cache        neither use nor keep a stored response
      --cache-mode MODE use stored responses as fetch does: default, no-store,
                        reload, no-cache (has it confirmed), force-cache (takes
                        what is stale), only-if-cached
      --resolve HOST:ADDRESS
                        connect to this address for the host; may be repeated
  -f, --fail            exit with 22 when the status is 400 or more

Errors are one line on standard error; 'fairlead help exit-codes' lists the
exit codes.`;

/** The command `fairlead get`. */
export const get: Command = {
  usage,
  run: async (args, surroundings) => {
    const { planGet } = await import("../get/plan.ts");
    const plan = planGet(args, surroundings.env);
    // The HTTP engine costs a tenth of a second; arguments that cannot be are told before.
    const { performGet } = await import("../get/perform.ts");
    return performGet(plan, surroundings);
  },
};
