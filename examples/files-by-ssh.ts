/** Files of an SSH server as URLs: its key is a question, the password another, and both are asked once. */
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { openNetworkAccessManager } from "fairlead";
import { sftpScheme } from "@fairlead/sftp";
import ssh2, { type SFTPWrapper } from "ssh2";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const server = new ssh2.Server({ hostKeys: [privateKey.export({ type: "sec1", format: "pem" })] }, (client) => {
  client.on("error", (error) => {
    console.log(`server: ${error.message}`);
  });
  client.on("authentication", (context) => {
    if (context.method === "password" && context.password === "lovelace") context.accept();
    else context.reject(["password"]);
  });
  client.on("session", (accept) => {
    accept().on("sftp", (acceptSftp) => {
      serve(acceptSftp());
    });
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as { port: number };

{
  await using manager = await openNetworkAccessManager({
    schemes: [
      sftpScheme({
        onHostKey: ({ host, keyType, fingerprint, state }) => {
          console.log(`${host} shows a key that is ${state}: ${keyType} ${fingerprint}`);
          return { type: "accept", remember: "memory" };
        },
      }),
    ],
    onAuthenticate: ({ username = "", scheme }) => {
      console.log(`${username} is asked for a ${scheme}`);
      return { type: "password", username, password: "lovelace" };
    },
  });
  const url = `sftp://ada@127.0.0.1:${String(port)}/notes.txt`;
  const replies = await Promise.all([1, 2].map(() => manager.request(url)));
  for (const reply of replies) console.log(reply.status, await reply.text());
  const part = await manager.request(url, { headers: { Range: "bytes=4-13" } });
  console.log(part.status, await part.text());
}
server.close();

/** One file, `/notes.txt`. */
function serve(sftp: SFTPWrapper): void {
  const notes = Buffer.from("The Analytical Engine weaves algebraic patterns.");
  const attributes = { mode: 0o100644, uid: 0, gid: 0, size: notes.length, atime: 0, mtime: 0 };
  const tell = (id: number): void => {
    sftp.attrs(id, attributes);
  };
  sftp.on("STAT", tell);
  sftp.on("FSTAT", tell);
  sftp.on("OPEN", (id) => sftp.handle(id, Buffer.from("notes")));
  sftp.on("READ", (id, _handle, offset, length) => sftp.data(id, notes.subarray(offset, offset + length)));
  sftp.on("CLOSE", (id) => sftp.status(id, ssh2.utils.sftp.STATUS_CODE.OK));
}
