import { serviceFamily } from "../service-entry.ts";
import { ftpServices } from "./ftp-services.ts";
import { sftpServices } from "./sftp-services.ts";

/** Files by FTP and SFTP: the same ones, in memory. */
export const fileServices = serviceFamily("files", "serve files", [...ftpServices, ...sftpServices]);
