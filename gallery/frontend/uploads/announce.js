import { count, files } from "./words.js"
import { isFailed } from "./rows.js"

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
  if (fresh.length > NAMED) return [`${files(fresh.length)} failed.`]
  return fresh.map((row) => `${row.name} failed: ${row.reason}.`)
}

function progress(quarter, { finished, failed, files: all }) {
  if (quarter < 4) return `${quarter * 25}% uploaded: ${count(finished)} of ${files(all)} finished.`
  return `100% uploaded: ${count(finished)} of ${files(all)} finished${failed ? `, ${count(failed)} failed` : ""}.`
}
