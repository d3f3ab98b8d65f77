/** The scheme `sftp`: files on servers of SSH. */
export type { HostKeyAnswer, HostKeyLifetime, HostKeyQuestion, OnHostKey } from "./host-key-question.ts";
export type { SftpAgent, SftpKey, SftpOptions } from "./options.ts";
export { sftpScheme } from "./scheme.ts";
