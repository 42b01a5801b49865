// Sends a file with tus-js-client and prints its last answer's headers. What it knows of unfinished
// uploads stays in a file, so that another process goes on.
// node tus_client.mjs MODULES ENDPOINT FILE NOTES CHUNK, where CHUNK is a number of bytes, "one go",
// or "at once" to send them along with the beginning.
import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";

const [modules, endpoint, file, notes, chunk] = process.argv.slice(2);
const tus = createRequire(`${modules}/`)("tus-js-client");

const upload = new tus.Upload(createReadStream(file), {
  endpoint,
  uploadSize: statSync(file).size,
  chunkSize: Number(chunk) || Infinity,
  metadata: { filename: basename(file), filetype: "application/octet-stream" },
  retryDelays: Array(60).fill(50),
  urlStorage: new tus.FileUrlStorage(notes),
  fingerprint: async () => file,
  uploadDataDuringCreation: chunk === "at once",
  onProgress: (sent, total) => process.stderr.write(`${sent} of ${total}\n`),
  onSuccess: ({ lastResponse }) => {
    const told = ["Upload-Saved-As", "Upload-Offset"].map((name) => lastResponse.getHeader(name));
    process.stdout.write(JSON.stringify(told));
  },
  onError: (error) => {
    process.stderr.write(`${error}\n`);
    process.exitCode = 1;
  },
});

const [previous] = await upload.findPreviousUploads();
if (previous) upload.resumeFromPreviousUpload(previous);
upload.start();
