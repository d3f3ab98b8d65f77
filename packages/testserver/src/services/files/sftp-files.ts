import { posix } from "node:path";
import type { Attributes, FileEntry, SFTPWrapper } from "ssh2";
import type { FileNode } from "./file-node.ts";
import { fileLimitBytes, type FileRefusal, type FileTree } from "./file-tree.ts";

/** What one client's view of the files is made of. */
export interface SftpFilesOptions {
  readonly files: FileTree;
  /** Of the library, which is loaded with the first connection. */
  readonly codes: { readonly status: Readonly<Record<StatusName, number>>; readonly flags: OpenFlags };
  readonly terms: SftpFilesTerms;
  /** Takes note of what the client wants. */
  readonly tell: (line: string) => void;
  /** Whether the client has left more unread than it may. */
  readonly isBehind: () => boolean;
  /** Ends the connection, where the client asks for more than it reads. */
  readonly end: () => void;
}

/** How one service's files differ from the ordinary. */
export interface SftpFilesTerms {
  readonly isReadOnly?: boolean;
  /** Is asked before each piece of a file is sent, and sends it by calling what it is given; or never does. */
  readonly beforeRead?: (offset: number, send: () => void) => void;
  /** The size that is told in place of the right one. */
  readonly toldSize?: (sizeBytes: number) => number;
  /** Names that are listed besides those that are there. */
  readonly furtherNames?: readonly string[];
}

type StatusName = "OK" | "EOF" | "NO_SUCH_FILE" | "PERMISSION_DENIED" | "FAILURE" | "OP_UNSUPPORTED";
type OpenFlags = Readonly<Record<"READ" | "WRITE" | "APPEND" | "CREAT" | "TRUNC" | "EXCL", number>>;

type Handle =
  | { readonly type: "read"; readonly bytes: Buffer; readonly node: FileNode }
  | { readonly type: "write"; readonly path: string; bytes: Buffer; sizeBytes: number; readonly appends: boolean }
  | { readonly type: "list"; entries: readonly FileEntry[] };

const handleLimit = 16;
const readLimitBytes = 32_768;
const waitingLimit = 256;
const listedAtOnce = 50;

/** The library keeps what the client's window has no room for, and says so, which its types don't. */
interface TellingWrapper {
  readonly data: (id: number, bytes: Buffer) => boolean;
}

/** What an operation comes to; `undefined` where it answers later, or never. */
type Answer =
  | StatusName
  | { readonly attributes: Attributes }
  | { readonly names: FileEntry[] }
  | { readonly handle: Buffer }
  | { readonly data: Buffer }
  | undefined;

/** Serves the files to one client. draft-ietf-secsh-filexfer-02, the version that everybody speaks. */
export function serveSftpFiles(sftp: SFTPWrapper, options: SftpFilesOptions): void {
  const { files, codes, terms, tell, isBehind, end } = options;
  const { flags } = codes;
  const handles = new OpenHandles();
  let waiting = 0;

  const send = (id: number, answer: Exclude<Answer, undefined>): void => {
    if (typeof answer === "string") sftp.status(id, codes.status[answer]);
    else if ("attributes" in answer) sftp.attrs(id, answer.attributes);
    else if ("names" in answer) sftp.name(id, answer.names);
    else if ("handle" in answer) sftp.handle(id, answer.handle);
    else {
      waiting = (sftp as unknown as TellingWrapper).data(id, answer.data) ? 0 : waiting + 1;
      if (waiting > waitingLimit || isBehind()) end();
    }
  };
  // An exception in a listener would end the process, whoever's mistake it is.
  const on = (event: string, operate: (arguments_: OperationArguments, id: number) => Answer): void => {
    sftp.on(event, (id: number, ...values: readonly unknown[]) => {
      const arguments_ = readArguments(values);
      if (arguments_.handle.length === 0) tell(`${event} ${arguments_.path}`);
      let answer: Answer = "FAILURE";
      try {
        answer = operate(arguments_, id);
      } catch {
        // It is a failure.
      }
      if (answer !== undefined) send(id, answer);
    });
  };
  const attributes = (node: FileNode): Attributes => attributesOf(node, terms.toldSize);
  const stat = (path: string, keepLast: boolean): Answer => {
    const node = files.find(path, { keepLast });
    return node === undefined ? "NO_SUCH_FILE" : { attributes: attributes(node) };
  };
  const change = (act: () => FileRefusal): Answer =>
    terms.isReadOnly === true ? "PERMISSION_DENIED" : statusOf(act());
  const openFile = ({ path, number: wanted }: OperationArguments): Answer => {
    const node = files.find(path);
    if ((wanted & flags.WRITE) === 0) {
      if (node?.type !== "file") return node === undefined ? "NO_SUCH_FILE" : "FAILURE";
      return handles.open({ type: "read", bytes: node.bytes, node });
    }
    if (terms.isReadOnly === true) return "PERMISSION_DENIED";
    if (node === undefined && (wanted & flags.CREAT) === 0) return "NO_SUCH_FILE";
    if (node !== undefined && (node.type !== "file" || (wanted & flags.EXCL) !== 0)) return "FAILURE";
    const bytes = node?.type === "file" && (wanted & flags.TRUNC) === 0 ? Buffer.from(node.bytes) : Buffer.alloc(0);
    const refusal = files.write(path, bytes);
    if (refusal !== undefined) return statusOf(refusal);
    return handles.open({
      type: "write",
      path,
      bytes,
      sizeBytes: bytes.length,
      appends: (wanted & flags.APPEND) !== 0,
    });
  };

  // The client waits for it.
  sftp.on("end", () => {
    sftp.end();
  });
  on("REALPATH", ({ path }) => ({ names: [nameOf(path)] }));
  on("STAT", ({ path }) => stat(path, false));
  on("LSTAT", ({ path }) => stat(path, true));
  on("OPEN", openFile);
  on("OPENDIR", ({ path }) => {
    const node = files.find(path);
    if (node?.type !== "folder") return "NO_SUCH_FILE";
    const further = (terms.furtherNames ?? []).map((name) => [name, files.find("/README.txt") ?? node] as const);
    const nodes = [...node.children, ...further];
    return handles.open({ type: "list", entries: nodes.map(([name, each]) => entryOf(name, attributes(each), each)) });
  });
  on("READDIR", ({ handle }) => {
    const list = handles.find(handle);
    if (list?.type !== "list") return "FAILURE";
    const names = list.entries.slice(0, listedAtOnce);
    list.entries = list.entries.slice(listedAtOnce);
    return names.length === 0 ? "EOF" : { names };
  });
  on("FSTAT", ({ handle }) => {
    const file = handles.find(handle);
    return file?.type === "read" ? { attributes: attributes(file.node) } : "FAILURE";
  });
  on("READ", ({ handle, number: offset, length }, id) => {
    const file = handles.find(handle);
    if (file?.type !== "read") return "FAILURE";
    const data = file.bytes.subarray(offset, offset + Math.min(length, readLimitBytes));
    if (data.length === 0) return "EOF";
    if (terms.beforeRead === undefined) return { data };
    terms.beforeRead(offset, () => {
      send(id, { data });
    });
    return undefined;
  });
  on("WRITE", ({ handle, number: offset, data }) => {
    const file = handles.find(handle);
    return file?.type === "write" && write(file, offset, data) ? "OK" : "FAILURE";
  });
  on("CLOSE", ({ handle }) => {
    const file = handles.close(handle);
    if (file?.type !== "write") return file === undefined ? "FAILURE" : "OK";
    return statusOf(files.write(file.path, Buffer.from(file.bytes.subarray(0, file.sizeBytes))));
  });
  on("REMOVE", ({ path }) => change(() => files.remove(path)));
  on("RMDIR", ({ path }) => change(() => files.remove(path, "folder")));
  on("MKDIR", ({ path }) => change(() => files.makeFolder(path)));
  on("RENAME", ({ path, to }) => change(() => files.rename(path, to)));
  on("SETSTAT", () => change(() => undefined));
  on("FSETSTAT", () => change(() => undefined));
  on("READLINK", ({ path }) => {
    const node = files.find(path, { keepLast: true });
    return node?.type === "link" ? { names: [nameOf(node.target)] } : "NO_SUCH_FILE";
  });
}

/** What an operation is about; each has some of these, the others are empty. */
interface OperationArguments {
  readonly path: string;
  /** The second path. */
  readonly to: string;
  readonly handle: Buffer;
  /** Where to read or write, or how to open. */
  readonly number: number;
  readonly length: number;
  readonly data: Buffer;
}

function readArguments(values: readonly unknown[]): OperationArguments {
  const path = (value: unknown): string => (typeof value === "string" ? posix.resolve("/", value) : "/");
  const bytes = (value: unknown): Buffer => (Buffer.isBuffer(value) ? value : Buffer.alloc(0));
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  const [first, second, third] = values;
  return {
    ...{ path: path(first), to: path(second), handle: bytes(first) },
    ...{ number: number(second), length: number(third), data: bytes(third) },
  };
}

/** What a client has open. */
class OpenHandles {
  readonly #handles = new Map<number, Handle>();
  #last = 0;

  open(handle: Handle): Answer {
    if (this.#handles.size >= handleLimit) return "FAILURE";
    this.#last += 1;
    this.#handles.set(this.#last, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(this.#last);
    return { handle: name };
  }

  find(name: Buffer): Handle | undefined {
    return name.length === 4 ? this.#handles.get(name.readUInt32BE()) : undefined;
  }

  close(name: Buffer): Handle | undefined {
    const handle = this.find(name);
    if (handle !== undefined) this.#handles.delete(name.readUInt32BE());
    return handle;
  }
}

/** Puts bytes into a file that is written; `false` where it becomes too long. */
function write(file: Handle & { readonly type: "write" }, offset: number, data: Buffer): boolean {
  const at = file.appends ? file.sizeBytes : offset;
  const sizeBytes = Math.max(file.sizeBytes, at + data.length);
  if (sizeBytes > fileLimitBytes) return false;
  if (sizeBytes > file.bytes.length) {
    const larger = Buffer.alloc(Math.min(fileLimitBytes, Math.max(2 * file.bytes.length, sizeBytes)));
    file.bytes.copy(larger);
    file.bytes = larger;
  }
  data.copy(file.bytes, at);
  file.sizeBytes = sizeBytes;
  return true;
}

function nameOf(path: string): FileEntry {
  return { filename: path, longname: path, attrs: attributesOf({ type: "link", target: path, modifiedAt: 0 }) };
}

function statusOf(refusal: FileRefusal): StatusName {
  switch (refusal) {
    case undefined:
      return "OK";
    case "absent":
      return "NO_SUCH_FILE";
    case "exists":
    case "full":
    case "wrong-kind":
      return "FAILURE";
  }
}

function attributesOf(node: FileNode, toldSize: (sizeBytes: number) => number = (size) => size): Attributes {
  const mode = { file: 0o100644, folder: 0o040755, link: 0o120777 }[node.type];
  const seconds = Math.floor(node.modifiedAt / 1000);
  const size = node.type === "file" ? toldSize(node.bytes.length) : 0;
  return { mode, uid: 0, gid: 0, size, atime: seconds, mtime: seconds };
}

function entryOf(filename: string, attrs: Attributes, node: FileNode): FileEntry {
  const mode = { file: "-rw-r--r--", folder: "drwxr-xr-x", link: "lrwxrwxrwx" }[node.type];
  return { filename, longname: `${mode} 1 0 0 ${attrs.size} Jan  1 00:00 ${filename}`, attrs };
}
