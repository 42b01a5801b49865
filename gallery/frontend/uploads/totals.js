import { duration, count, sizeOf } from "./words.js"
import { isFailed, isFinished, isUnsent } from "./rows.js"
import { _, ngettext } from "../words/words.js"

const SAMPLE = 1000
const SMOOTH = 0.15

/** A function that sums the queue up. What it says never goes down while files are only added. */
export function totals() {
  const pace = measured()
  let got = 0
  return (queue) => {
    const sums = add(queue.rows)
    got = Math.min(sums.bytes, Math.max(got, sums.got))
    return { ...sums, got, seconds: pace(queue, sums.bytes - got - sums.lost) }
  }
}

function add(rows) {
  const sums = { files: rows.length, finished: 0, failed: 0, already: 0, unsent: 0, missing: 0, bytes: 0, got: 0, lost: 0 }
  for (const row of rows) {
    sums.bytes += row.size
    sums.got += row.high
    if (isFinished(row)) sums.finished++
    if (row.state === "already") sums.already++
    if (isUnsent(row)) sums.unsent++
    if (isUnsent(row) && !row.file) sums.missing++
    if (isFailed(row)) sums.lost += row.size - row.high
    if (isFailed(row)) sums.failed++
  }
  return sums
}

/** Seconds that are left, from a rate that does not jump; undefined until there is one. */
function measured() {
  let before = { at: performance.now(), moved: 0 }
  let rate = 0
  return ({ moved, isHeld }, left) => {
    const at = performance.now()
    if (at - before.at >= SAMPLE) {
      const now = (moved - before.moved) / ((at - before.at) / 1000)
      if (!isHeld && now > 0) rate = rate ? rate + SMOOTH * (now - rate) : now
      before = { at, moved }
    }
    return rate > 0 && !isHeld ? left / rate : undefined
  }
}

export const titleOf = ({ finished, files }) => _("%(number)s of %(all)s finished", { number: count(finished), all: count(files) })

export function lineOf({ got, bytes, seconds, failed, already, unsent }) {
  const parts = [sizeOf(got, bytes)]
  if (unsent && seconds !== undefined) parts.push(duration(seconds))
  if (failed) parts.push(_("%(number)s failed", { number: count(failed) }))
  if (already) parts.push(ngettext("%(number)s already in your library", "%(number)s already in your library", already, { number: count(already) }))
  return parts.join(" · ")
}
