import { _, count, language, ngettext } from "../words/words.js"

export { count }

const UNITS = [
  (size) => _("%(size)s bytes", { size }),
  (size) => _("%(size)s KB", { size }),
  (size) => _("%(size)s MB", { size }),
  (size) => _("%(size)s GB", { size }),
  (size) => _("%(size)s TB", { size }),
]

function scaled(bytes) {
  let step = 0
  for (; bytes >= 999.5 && step < 4; step++) bytes /= 1000
  const digits = step > 1 && bytes < 99.95 ? 1 : 0
  const number = Number(bytes.toFixed(digits))
  return [number.toLocaleString(language, { useGrouping: false }), UNITS[step]]
}

/** A number of bytes as people write it: "9.1 MB". */
export function size(bytes) {
  const [number, unit] = scaled(bytes)
  return unit(number)
}

/** "9.1 of 13.4 MB", and where the units differ "940 KB of 13.4 MB". */
export function sizeOf(part, whole) {
  const [number, unit] = scaled(part)
  const [all, unitOfAll] = scaled(whole)
  return _("%(part)s of %(whole)s", { part: unit === unitOfAll ? number : unit(number), whole: unitOfAll(all) })
}

export const files = (number) => ngettext("%(number)s file", "%(number)s files", number, { number: count(number) })

/** Seconds as one says them: "about 6 minutes". */
export function duration(seconds) {
  if (seconds < 50) return _("less than a minute")
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return ngettext("about %(number)s minute", "about %(number)s minutes", minutes, { number: count(minutes) })
  const hours = Math.round(minutes / 60)
  return ngettext("about %(number)s hour", "about %(number)s hours", hours, { number: count(hours) })
}

/** The one sentence that says where a row stands. */
export function stateOf(row, isPaused) {
  if (isPaused && PAUSES.has(row.state)) return _("Paused")
  return SENTENCES[row.state](row)
}

const PAUSES = new Set(["waiting", "sending", "busy"])
const SENTENCES = {
  waiting: (row) => row.file ? _("Waiting · %(size)s", { size: size(row.size) }) : _("Still to come · %(size)s", { size: size(row.size) }),
  sending: (row) => sizeOf(row.sent, row.size),
  finishing: () => _("Making previews…"),
  busy: (row) => _("The server is busy, trying again in %(seconds)s s", { seconds: count(Math.max(1, Math.ceil((row.until - Date.now()) / 1000))) }),
  added: (row) => _("Added · %(what)s", { what: size(row.size) }),
  already: () => _("Already in your library"),
  restored: () => _("Back from the trash"),
  failed: (row) => _("Failed: %(reason)s", { reason: row.reason }),
}
