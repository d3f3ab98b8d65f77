import { fileServices } from "../../src/services/files/index.ts";
import { describeServices } from "../describe-services.ts";
import { ftpChecks } from "./files/ftp-checks.ts";
import { sftpChecks } from "./files/sftp-checks.ts";

describeServices(fileServices, { ...ftpChecks, ...sftpChecks });
