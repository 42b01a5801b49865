import { size } from "./words.js"
import { _ } from "../words/words.js"

const AGAIN = 3

/** What to do about a row the server refused: one of the verbs of the queue, and a sentence for a person. */
export function judge(row, { status, sentence, seconds }, limits) {
  if (status === 401) return { act: "sign-in" }
  // 423: what a tab that died has begun is not let go of yet.
  if ([423, 429, 503].includes(status)) return { act: "wait", seconds: seconds || 8 }
  if ([404, 410, 460].includes(status) && (row.anew ?? 0) < AGAIN) return { act: "anew" }
  return { act: "fail", ...reasonFor(row, status, sentence, limits) }
}

function reasonFor(row, status, sentence, limits) {
  const isTooLarge = row.size > Math.max(limits.photo.max, limits.media.max)
  if (status === 0) return { reason: _("Connection lost after 4 tries"), canRetry: true, isLost: true }
  if (status === 413) return { reason: sentence || _("%(size)s is over the limit", { size: size(row.size) }), canRetry: !isTooLarge }
  if (status === 415) return { reason: sentence || _("Not an image we can read"), canRetry: false }
  return { reason: sentence || _("The server answered %(status)s", { status }), canRetry: status !== 403 && status !== 422 }
}
