import { ArgumentsError } from "../arguments.ts";
import type { Command } from "../command.ts";
import { nearest } from "../suggestion.ts";

const usage = `Usage: fairlead coap get|put|post|delete|fetch|patch|ipatch URL [OPTIONS]
       fairlead coap observe URL [OPTIONS]
       fairlead coap discover URL [OPTIONS]
       fairlead coap discover --multicast [GROUP] [OPTIONS]
       fairlead coap serve [DIR] [OPTIONS]

Speaks CoAP (RFC 7252) with small devices, over coap:, coaps:, coap+tcp:,
coaps+tcp:, coap+ws: and coaps+ws:. An answer's payload goes to standard output,
its code to standard error.

  get, put, post, delete, fetch, patch, ipatch
                 ask once; bodies of any size travel in blocks
  observe        write each state on a line of its own, until Ctrl-C or -n
  discover       list what a device has, or those of a group, by default
                 224.0.1.187
  serve          serve the files of a directory, by default the current one, to
                 this machine only, until Ctrl-C

  -d, --data DATA       send DATA as the body; '@FILE' sends a file
      --format FORMAT   what the body is: a number, or a media type such as
                        application/json
      --accept FORMAT   what the answer should be
      --non             send a non-confirmable request
  -n, --count N         observe: end after N states; discover --multicast: after
                        N devices
      --timeout SECONDS give up after this time; 120 by default. discover
                        --multicast: how long answers are waited for, 7
      --json            print JSON instead, for programs
      --multicast       discover: ask a group. serve: be found by those who ask
                        224.0.1.187, at the address that --host says
      --interface NAME  --multicast: on this interface, by name or address
      --port PORT       serve, discover --multicast: the scheme's own by
                        default; serve with 0: the system chooses

Where the URL, or the scheme that is served, is secured:
      --psk-identity NAME
                        be NAME to a server that knows a key of it; serve: let
                        in NAME, and nobody else. By default servers are known
                        by certificates
      --psk-file FILE   the key, as bytes; by default it is asked for on the
                        terminal, in hexadecimal
      --cacert FILE     trust the certificates of this PEM file, and no others
      --cert FILE       be who the certificate of this PEM file says
      --key FILE        its private key; by default it is in the file of --cert
      --tls-backend NAME
                        do TLS by node (the default), openssl or gnutls, and
                        DTLS by openssl (the default) or gnutls
      --store URL, --store-key PLACE
                        where sessions are kept, as with 'fairlead get'

To serve:
      --scheme SCHEME   coap (the default), coaps, coap+tcp or coaps+tcp
      --host HOST       listen on this address; 0.0.0.0 or :: lets everybody in

Examples:
  fairlead coap get coap://device/sensors/temp
  fairlead coap put coap://device/lamp -d on
  fairlead coap observe coaps://device/temp -n 5 --psk-identity me
  fairlead coap discover --multicast
  fairlead coap serve files --scheme coaps --psk-identity me --psk-file key

An answer of class 4 or 5 is an answer, and ends with 22.`;

/** The command `fairlead coap`. */
export const coap: Command = {
  usage,
  run: async (args, surroundings) => {
    const [name = "", ...rest] = args;
    switch (name) {
      case "get":
      case "put":
      case "post":
      case "delete":
      case "fetch":
      case "patch":
      case "ipatch":
      case "observe": {
        const { askDevice } = await import("../coap/ask.ts");
        return askDevice(name, rest, surroundings);
      }
      case "discover": {
        const { discover } = await import("../coap/discover.ts");
        return discover(rest, surroundings);
      }
      case "serve": {
        const { serveFolder } = await import("../coap/serve.ts");
        return serveFolder(rest, surroundings);
      }
      default: {
        const suggestion = nearest(name, actions);
        const hint = suggestion === undefined ? `it is one of ${actions.join(", ")}` : `did you mean ${suggestion}?`;
        throw new ArgumentsError(
          name === "" ? "ACTION is missing" : `there is no action ${JSON.stringify(name)}; ${hint}`,
        );
      }
    }
  },
};

const actions = ["get", "put", "post", "delete", "fetch", "patch", "ipatch", "observe", "discover", "serve"] as const;
