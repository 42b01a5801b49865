// Reads files and says their SHA-256, away from the page. One at a time, so that memory stays small.
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"

const WHOLE = 64_000_000
const PIECE = 2_000_000

let before = Promise.resolve()
onmessage = ({ data: { key, file } }) => {
  before = before.then(async () => postMessage({ key, ...(await digest(file)) }))
}

async function digest(file) {
  try {
    const isSmall = file.size <= WHOLE && self.crypto?.subtle
    return { sha256: bytesToHex(isSmall ? await atOnce(file) : await byPieces(file)) }
  } catch (error) {
    return { error: error.name }
  }
}

const atOnce = async (file) => new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))

async function byPieces(file) {
  const hash = sha256.create()
  for (let start = 0; start < file.size; start += PIECE) {
    hash.update(new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer()))
  }
  return hash.digest()
}
