/** The scheme `sftp`: files on servers of SSH. */
export type { SchemeHandler } from "@fairlead/access";
