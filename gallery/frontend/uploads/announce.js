import { count, files } from "./words.js"
import { isFailed } from "./rows.js"
import { _, language, ngettext } from "../words/words.js"

const NAMED = 3

/** A function that says aloud how far the queue is, at each quarter, and each failure once. */
export function announcer(region) {
  const told = new WeakSet()
  let quarter = 0
  return (queue, sums) => {
    const sentences = failures(queue.rows, told)
    const reached = Math.floor((4 * (sums.finished + sums.failed)) / (sums.files || 1))
    if (reached > quarter && reached) sentences.push(progress(reached, sums))
    quarter = reached
    if (sentences.length) region.textContent = sentences.join(" ")
  }
}

function failures(rows, told) {
  const fresh = rows.filter((row) => isFailed(row) && !told.has(row))
  for (const row of fresh) told.add(row)
  if (fresh.length > NAMED) return [ngettext("%(number)s file failed.", "%(number)s files failed.", fresh.length, { number: count(fresh.length) })]
  return fresh.map((row) => _("%(name)s failed: %(reason)s.", { name: row.name, reason: row.reason }))
}

function progress(quarter, sums) {
  const percent = (quarter / 4).toLocaleString(language, { style: "percent" })
  const said = { percent, number: count(sums.finished), files: files(sums.files), failed: count(sums.failed) }
  if (quarter < 4 || !sums.failed) return _("%(percent)s uploaded: %(number)s of %(files)s finished.", said)
  return _("%(percent)s uploaded: %(number)s of %(files)s finished, %(failed)s failed.", said)
}
